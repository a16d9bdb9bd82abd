# For the scripts of this folder. Each begins with an empty WORK_DIR; the programs it builds find no worker but what the test is about.
file(REMOVE_RECURSE "${WORK_DIR}")
file(MAKE_DIRECTORY "${WORK_DIR}")
unset(ENV{ORCHESTRATOR_WORKER})

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Installs what was built, and moves the installation afterwards.
function(install_and_move prefix)
  run("${CMAKE_COMMAND}" --install "${BUILD_DIR}" --prefix "${WORK_DIR}/before")
  file(RENAME "${WORK_DIR}/before" "${prefix}")
endfunction()

# expect_five_frames(<command>...): it renders the composition to the film, of five frames.
set(composition "${SOURCE_DIR}/examples/composition")
set(film "${WORK_DIR}/film.mp4")
function(expect_five_frames)
  run(${ARGV})
  execute_process(
    COMMAND ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 "${film}"
    OUTPUT_VARIABLE frames OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(NOT frames EQUAL 5)
    message(FATAL_ERROR "${ARGV} made '${frames}' frames, not 5")
  endif()
endfunction()

# build_by_pkg_config(<prefix> <program> <source> <package>...): as a makefile would, in which the shell reads what pkg-config says.
function(build_by_pkg_config prefix program source)
  set(ENV{PKG_CONFIG_PATH} "${prefix}/${LIBDIR}/pkgconfig")
  string(JOIN " " packages ${ARGN})
  run(sh -c "eval \"'${CXX}' -std=c++20 -o '${program}' '${source}' $(pkg-config --cflags --libs ${packages})\"")
endfunction()

# expect_failure(<text> <command>...): it fails, and its words contain the text.
function(expect_failure text)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE words ERROR_VARIABLE words)
  string(FIND "${words}" "${text}" at)
  if(status EQUAL 0 OR at EQUAL -1)
    message(FATAL_ERROR "${ARGN} ended with ${status}, and without saying '${text}':\n${words}")
  endif()
endfunction()
