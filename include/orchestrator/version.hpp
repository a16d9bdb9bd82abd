#pragma once

/// The library's version (semantic versioning of the API). CMake reads it from here.
#define ORCHESTRATOR_VERSION_MAJOR 0
#define ORCHESTRATOR_VERSION_MINOR 1
#define ORCHESTRATOR_VERSION_PATCH 0
#define ORCHESTRATOR_VERSION "0.1.0"
