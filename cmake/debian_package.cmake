# `cpack --config build/release/CPackConfig.cmake` makes a Debian package of what is installed: command line, library and headers.
# Another maintainer: cmake -DCPACK_PACKAGE_CONTACT="Name <address>".
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME render-orchestrator)
if(NOT CPACK_PACKAGE_CONTACT)
  set(CPACK_PACKAGE_CONTACT "RenderOrchestrator's maintainers <maintainers@render-orchestrator.invalid>")
endif()
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "renders animated web pages into video files")
set(CPACK_PACKAGE_DESCRIPTION
"RenderOrchestrator shows a web page frame by frame in Chromium, encodes what
it shows with FFmpeg and adds sound. The work is cut into chunks that worker
processes render at the same time, on this machine or on others.

This package has the command line, orchestrator, which is also the worker,
and the C++ library with its headers.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION video)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Programs that are started. Without them `orchestrator doctor` says what is missing.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "chromium | chromium-headless-shell, xvfb, ffmpeg")
# Other executors, and what programs are linked with that use the library.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS
  "openssh-client, slurm-client, libboost1.81-dev, libboost-json1.81-dev, libsimdjson-dev, libssl-dev, libcurl4-openssl-dev")
# Where Debian looks for a package's licence.
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${CPACK_PACKAGE_NAME}" RENAME copyright)
include(CPack)
