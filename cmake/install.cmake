# `find_package(orchestrator COMPONENTS local ssh lambda)` after `cmake --install`; tests/consumer builds against it.
include(CMakePackageConfigHelpers)
set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/orchestrator")
install(TARGETS orchestrator orchestrator_local orchestrator_ssh orchestrator_lambda_executor
  orchestrator_aws orchestrator_lambda_messages EXPORT orchestratorTargets)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT orchestratorTargets NAMESPACE orchestrator:: DESTINATION "${config_dir}")
configure_package_config_file(cmake/orchestratorConfig.cmake.in "${PROJECT_BINARY_DIR}/orchestratorConfig.cmake"
  INSTALL_DESTINATION "${config_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/orchestratorConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/orchestratorConfig.cmake" "${PROJECT_BINARY_DIR}/orchestratorConfigVersion.cmake"
  DESTINATION "${config_dir}")
