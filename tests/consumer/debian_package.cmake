# What cpack makes is a package that Debian's tools take, and its command line and library work from where they were unpacked.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
run(cpack --config "${BUILD_DIR}/CPackConfig.cmake" -B "${WORK_DIR}")
execute_process(COMMAND dpkg --print-architecture OUTPUT_VARIABLE machine OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
set(package "${WORK_DIR}/render-orchestrator_${VERSION}_${machine}.deb")

# field(<variable> <name>): of the package's description.
function(field variable name)
  execute_process(COMMAND dpkg-deb --field "${package}" "${name}" OUTPUT_VARIABLE value OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  set(${variable} "${value}" PARENT_SCOPE)
endfunction()
function(expect_field name pattern)
  field(value "${name}")
  if(NOT value MATCHES "${pattern}")
    message(FATAL_ERROR "the package's ${name} is '${value}', not ${pattern}")
  endif()
endfunction()
expect_field(Package "^render-orchestrator$")
expect_field(Version "^${VERSION}$")
expect_field(Section "^video$")
expect_field(Maintainer "^.+ <.+@.+>$")
expect_field(Recommends "^chromium \\| chromium-headless-shell, xvfb, ffmpeg$")
foreach(library libc6 libstdc\\+\\+6 libboost-json libsimdjson libssl libcurl4 libxcb1)
  expect_field(Depends "(^|, )${library}[^,]*")
endforeach()

# Everything that it depends on is there for apt to find.
run(apt-get install --simulate --no-install-recommends "${package}")

set(root "${WORK_DIR}/root")
run(dpkg-deb --extract "${package}" "${root}")
run("${root}/usr/bin/orchestrator" --version)
expect_five_frames("${root}/usr/bin/orchestrator" render "${composition}" -o "${film}" --frames 0:5 --width 320 --height 180)
file(REMOVE "${film}")
build_by_pkg_config("${root}/usr" "${WORK_DIR}/five_frames" "${CMAKE_CURRENT_LIST_DIR}/five_frames.cpp" orchestrator-local)
expect_five_frames("${WORK_DIR}/five_frames" "${composition}" "${film}")
