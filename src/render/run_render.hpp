#pragma once

#include <orchestrator/render_orchestrator.hpp>

namespace orchestrator {

/// Performs what Schedule decides: the only place where plan, executor and assembly meet. Runs on the caller's strand.
/// Cancellation: terminal; ends with Errc::cancelled when everything under way has ended and temporary files are gone.
boost::asio::awaitable<Result<RenderResult>> run_render(RenderExecutor& executor, RenderPlan plan, RenderEvents events);

}  // namespace orchestrator
