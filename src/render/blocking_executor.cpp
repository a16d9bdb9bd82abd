#include "async/no_thread.hpp"
#include "async/posting_context.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <thread>

namespace orchestrator {

namespace asio = boost::asio;

asio::awaitable<Result<ChunkResult>> BlockingExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto strand = co_await asio::this_coro::executor;
  PostingContext posting(strand, context);
  std::optional<Result<ChunkResult>> outcome;
  std::exception_ptr thrown;
  asio::steady_timer ended(strand, asio::steady_timer::time_point::max());
  const auto work = [&](const std::stop_token& stop) {
    try {
      outcome = render_chunk_blocking(job, posting, stop);
    } catch (...) {
      thrown = std::current_exception();
    }
    asio::post(strand, [&ended] { ended.expires_at(asio::steady_timer::time_point::min()); });
  };
  std::jthread thread;
  try {
    thread = std::jthread(work);
  } catch (const std::system_error& cause) {
    co_return no_thread(cause);
  }
  // The thread's end or a cancellation, which becomes a stop request, ends the wait. Progress and logs that the thread has posted
  // are delivered before its end is.
  while (ended.expiry() == asio::steady_timer::time_point::max()) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) thread.request_stop();
    boost::system::error_code woken;
    co_await ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  thread.join();
  if (thrown) std::rethrow_exception(thrown);
  posting.rethrow();
  co_return std::move(*outcome);
}

asio::awaitable<Result<void>> BlockingExecutor::prepare() { co_return Result<void>{}; }

}  // namespace orchestrator
