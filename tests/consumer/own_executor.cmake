# An executor in a folder outside the tree, built against an installation, renders through the kit (orchestrator/worker) with nothing but
# public headers, and makes the film that LocalExecutor makes.
include("${CMAKE_CURRENT_LIST_DIR}/consumer.cmake")
set(prefix "${WORK_DIR}/prefix")
install_and_move("${prefix}")

execute_process(COMMAND mktemp -d OUTPUT_VARIABLE folder OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(COPY "${CMAKE_CURRENT_LIST_DIR}/own_executor/CMakeLists.txt" "${SOURCE_DIR}/examples/command_executor.cpp" DESTINATION "${folder}")
run("${CMAKE_COMMAND}" -S "${folder}" -B "${WORK_DIR}/build" -G Ninja "-DCMAKE_PREFIX_PATH=${prefix}")
run("${CMAKE_COMMAND}" --build "${WORK_DIR}/build")
file(REMOVE_RECURSE "${folder}")

set(program "${prefix}/bin/orchestrator")
run("${WORK_DIR}/build/own_executor" "${composition}" "${film}" "${program}" worker)
set(local_film "${WORK_DIR}/local.mp4")
run("${program}" render "${composition}" -o "${local_film}" --frames 0:60 --chunks 3 --width 640 --height 360 --preset veryfast)
run("${CMAKE_COMMAND}" -E compare_files "${film}" "${local_film}")
