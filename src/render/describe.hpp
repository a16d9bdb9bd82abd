#pragma once

#include "render/limited_call.hpp"

#include <orchestrator/progress.hpp>
#include <orchestrator/render_executor.hpp>

#include <boost/asio/awaitable.hpp>

namespace orchestrator {

/// Has the executor, which is prepared, look at the composition of `options`. As limited_call(). Errors: what keeps the page from
/// being loaded.
boost::asio::awaitable<Result<CompositionDescription>> describe_composition(RenderExecutor& executor, RenderOptions options,
                                                                            RenderEvents events, RenderTime time);

/// `options` with what they leave to the composition. Asks the executor only if they leave anything, and takes the defaults if it
/// cannot look at compositions.
boost::asio::awaitable<Result<RenderOptions>> complete_options(RenderExecutor& executor, RenderOptions options,
                                                               RenderEvents events, RenderTime time);

}  // namespace orchestrator
