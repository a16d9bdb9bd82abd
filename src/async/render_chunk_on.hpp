#pragma once

#include "async/loop_thread.hpp"
#include "async/posting_context.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace orchestrator {

/// An executor's render_chunk(): lets `renderer` render the chunk on `loop`, and posts what it reports to the strand of whoever
/// awaits this. Cancellation gives an error, which names the worker, not an exception. Errors: also as LoopThread::run().
template <class Renderer>
boost::asio::awaitable<Result<ChunkResult>> render_chunk_on(LoopThread& loop, Renderer& renderer, ChunkJob job,
                                                            ChunkContext& context) {
  co_await boost::asio::this_coro::throw_if_cancelled(false);
  PostingContext posting(co_await boost::asio::this_coro::executor, context);
  auto rendered = co_await loop.run(renderer.render(std::move(job), posting));
  posting.rethrow();
  co_return rendered;
}

}  // namespace orchestrator
