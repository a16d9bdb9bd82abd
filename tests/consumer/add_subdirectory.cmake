# A project that builds the library as a part of itself, with shared libraries. The worker is another build's: the host side alone takes
# a minute.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/add_subdirectory" -B "${WORK_DIR}/build" -G Ninja
  "-DSOURCE_DIR=${SOURCE_DIR}" -DORCHESTRATOR_TOOL=OFF
  -DBUILD_SHARED_LIBS=ON -DCMAKE_UNITY_BUILD=ON)
run("${CMAKE_COMMAND}" --build "${WORK_DIR}/build")

# What they export of ours is the face, all of which is in an inline namespace (include/orchestrator/export.hpp).
foreach(library src/liborchestrator.so executors/local/liborchestrator_local.so)
  execute_process(COMMAND nm --dynamic --demangle --defined-only "${WORK_DIR}/build/orchestrator/${library}"
    OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]* [A-Z] (vtable for |typeinfo for |typeinfo name for )?orchestrator::[^\n]*" ours "${symbols}")
  set(inside ${ours})
  list(FILTER inside EXCLUDE REGEX "orchestrator::(protocol::)?v0::")
  if(NOT ours OR inside)
    message(FATAL_ERROR "${library} exports what is inside, or nothing: ${inside}")
  endif()
endforeach()

set(ENV{ORCHESTRATOR_WORKER} "${TOOL}")
expect_five_frames("${WORK_DIR}/build/five_frames" "${composition}" "${film}")
