# A project that builds the library as a part of itself. The worker is another build's: the host
# side alone takes a minute.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/add_subdirectory" -B "${WORK_DIR}/build" -G Ninja
  "-DSOURCE_DIR=${SOURCE_DIR}" -DORCHESTRATOR_TOOL=OFF -DCMAKE_UNITY_BUILD=ON)
run("${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
set(ENV{ORCHESTRATOR_WORKER} "${TOOL}")
expect_five_frames("${WORK_DIR}/build/five_frames" "${composition}" "${film}")
