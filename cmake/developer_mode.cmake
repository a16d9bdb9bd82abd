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
  if(CMAKE_UNITY_BUILD)
    # In unity builds types of anonymous namespaces lie in an included file; the warning is meant for headers.
    target_compile_options(orchestrator_dev INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endif()
if(ORCHESTRATOR_SANITIZE)
  target_compile_options(orchestrator_dev INTERFACE -fsanitize=${ORCHESTRATOR_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(orchestrator_dev INTERFACE -fsanitize=${ORCHESTRATOR_SANITIZE})
  # In instrumented code GCC 12 takes members of boost::variant2 and std::regex for uninitialised. Plain builds keep the warning.
  target_compile_options(orchestrator_dev INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()

# For our own targets: the same, and the sources behind the public headers. What may include what is in tools/layers.txt.
add_library(orchestrator_inside INTERFACE)
target_include_directories(orchestrator_inside INTERFACE
  "${PROJECT_SOURCE_DIR}/src" "${PROJECT_SOURCE_DIR}/executors" "${PROJECT_SOURCE_DIR}/tools")
target_link_libraries(orchestrator_inside INTERFACE orchestrator_dev)
