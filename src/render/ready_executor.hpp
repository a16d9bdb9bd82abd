#pragma once

#include <orchestrator/render_executor.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace orchestrator {

/// Prepares the executor for a render that began at `start` and may take `limit` (0: any time), and returns its capabilities.
/// Executors are the user's code: what they throw becomes an error, and one that hangs is cancelled at the limit. To be awaited
/// on the render's strand.
boost::asio::awaitable<Result<ExecutorCapabilities>> ready_executor(RenderExecutor& executor,
                                                                    std::chrono::steady_clock::time_point start,
                                                                    std::chrono::milliseconds limit);

}  // namespace orchestrator
