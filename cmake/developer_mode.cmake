# Compile options of our own build. Linked PRIVATE, so that none of them reaches a program that uses the library.
add_library(orchestrator_dev INTERFACE)
if(PROJECT_IS_TOP_LEVEL AND ORCHESTRATOR_DEVELOPER_MODE)
  target_compile_options(orchestrator_dev INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wswitch -Werror)
  # Aggregates with defaults are meant to be initialised in part.
  target_compile_options(orchestrator_dev INTERFACE -Wno-missing-field-initializers)
  # GCC 12 warns of impossible overlaps in std::string operator+ (GCC bug 105651).
  target_compile_options(orchestrator_dev INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  # It also takes the operators new and delete of Asio's coroutine frames for a mismatch where it inlines only one of them.
  target_compile_options(orchestrator_dev INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>)
endif()
if(CMAKE_UNITY_BUILD)
  # In unity builds types of anonymous namespaces lie in an included file; the warning, which GCC gives unasked, is meant for headers.
  target_compile_options(orchestrator_dev INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endif()
if(ORCHESTRATOR_SANITIZE)
  # Every finding ends the process: UBSan by itself would only print a line. Here it traps, and AddressSanitizer says where, because
  # GCC's UBSan cannot write to a file.
  target_compile_options(orchestrator_dev INTERFACE
    -fsanitize=${ORCHESTRATOR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
    $<$<CXX_COMPILER_ID:GNU>:-fsanitize-undefined-trap-on-error>)
  target_link_options(orchestrator_dev INTERFACE -fsanitize=${ORCHESTRATOR_SANITIZE}
    $<$<CXX_COMPILER_ID:GNU>:-fsanitize-undefined-trap-on-error>)
  # The options are in the programs, because workers and functions do not get the environment of the tests that start them.
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/sanitizer_options.cpp" @ONLY CONTENT [[
extern "C" {
__attribute__((weak)) const char* __asan_default_options() {
  return "handle_sigill=2:detect_stack_use_after_return=1:log_exe_name=1:log_path=@PROJECT_BINARY_DIR@/findings/asan";
}
__attribute__((weak)) const char* __tsan_default_options() {
  return "second_deadlock_stack=1:log_exe_name=1:log_path=@PROJECT_BINARY_DIR@/findings/tsan";
}
}
]])
  target_sources(orchestrator_dev INTERFACE "${PROJECT_BINARY_DIR}/sanitizer_options.cpp")
  # In instrumented code GCC 12 takes members of boost::variant2 and std::regex for uninitialised. Plain builds keep the warning.
  target_compile_options(orchestrator_dev INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  # ThreadSanitizer does not see the fences in Asio's reference counts. Code of ours has none.
  target_compile_options(orchestrator_dev INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
endif()

# For our own targets: the same, and the sources behind the public headers. What may include what is in tools/layers.txt.
add_library(orchestrator_inside INTERFACE)
target_include_directories(orchestrator_inside INTERFACE
  "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/executors" "${PROJECT_SOURCE_DIR}/tools")
target_link_libraries(orchestrator_inside INTERFACE orchestrator_dev)
