# `cmake --install`, anywhere: for `find_package(orchestrator COMPONENTS local ssh slurm lambda testing)` and for pkg-config. What is installed may be
# moved as a whole; tests/consumer moves it and builds against it.
include(CMakePackageConfigHelpers)
set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/orchestrator")
get_property(public_libraries GLOBAL PROPERTY ORCHESTRATOR_PUBLIC_LIBRARIES)
install(TARGETS ${public_libraries} EXPORT orchestratorTargets)
if(NOT BUILD_SHARED_LIBS)  # what static libraries are linked with
  install(TARGETS orchestrator_aws orchestrator_lambda_messages EXPORT orchestratorTargets)
endif()
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT orchestratorTargets NAMESPACE orchestrator:: DESTINATION "${config_dir}")
configure_package_config_file(cmake/orchestratorConfig.cmake.in "${PROJECT_BINARY_DIR}/orchestratorConfig.cmake"
  INSTALL_DESTINATION "${config_dir}" PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/orchestratorConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/orchestratorConfig.cmake" "${PROJECT_BINARY_DIR}/orchestratorConfigVersion.cmake"
  DESTINATION "${config_dir}")

include(cmake/pkg_config.cmake)
install_pkg_config(orchestrator DESCRIPTION "${PROJECT_DESCRIPTION}"
  LIBRARIES orchestrator PRIVATE_LIBRARIES boost_json pthread PRIVATE_REQUIRES simdjson libcrypto)
install_pkg_config(orchestrator-local DESCRIPTION "orchestrator's LocalExecutor: worker processes on this machine"
  LIBRARIES orchestrator_local REQUIRES orchestrator)
install_pkg_config(orchestrator-slurm DESCRIPTION "orchestrator's SlurmExecutor: workers in jobs of a Slurm cluster, behind srun"
  LIBRARIES orchestrator_slurm REQUIRES orchestrator)
install_pkg_config(orchestrator-ssh DESCRIPTION "orchestrator's SshExecutor: workers on other machines, behind OpenSSH"
  LIBRARIES orchestrator_ssh REQUIRES orchestrator)
install_pkg_config(orchestrator-testing DESCRIPTION "orchestrator's conformance suite for executors, and FakeExecutor"
  LIBRARIES orchestrator_testing REQUIRES orchestrator)
install_pkg_config(orchestrator-lambda DESCRIPTION "orchestrator's LambdaExecutor: AWS Lambda functions"
  LIBRARIES orchestrator_lambda_executor REQUIRES orchestrator
  PRIVATE_LIBRARIES orchestrator_aws orchestrator_lambda_messages PRIVATE_REQUIRES libcurl)
