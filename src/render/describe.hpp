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

/// `options` with what they leave to the composition. Asks the executor only if they leave anything; takes the defaults, with a
/// warning, if it does not `describe`. Errors: also Errc::invalid_options, from fill_in().
boost::asio::awaitable<Result<RenderOptions>> complete_options(RenderExecutor& executor, bool describes, RenderOptions options,
                                                               RenderEvents events, RenderTime time);

}  // namespace orchestrator
