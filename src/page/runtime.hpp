#pragma once

#include <string_view>

namespace orchestrator {

/// The JavaScript that runs in every frame of a composition before its own scripts: src/page/runtime/*.js, joined by the
/// build. An expression, `(function(config) {...})`.
std::string_view page_runtime_script();

/// The same for its dedicated workers.
std::string_view worker_runtime_script();

}  // namespace orchestrator
