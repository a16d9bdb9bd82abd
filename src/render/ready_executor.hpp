#pragma once

#include "render/limited_call.hpp"

#include <orchestrator/render_executor.hpp>

#include <boost/asio/awaitable.hpp>

namespace orchestrator {

/// Prepares the executor, and returns its capabilities. As limited_call().
boost::asio::awaitable<Result<ExecutorCapabilities>> ready_executor(RenderExecutor& executor, RenderTime time);

}  // namespace orchestrator
