#include <orchestrator/worker/loop_thread.hpp>

#include "async/no_thread.hpp"
#include "async/posting_context.hpp"
#include "async/run_on.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <thread>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// A task of an executor: a cancellation gives an error, which can name the worker, and no exception.
template <class T>
asio::awaitable<T> errors_as_values(asio::awaitable<T> task) {
  co_await asio::this_coro::throw_if_cancelled(false);
  co_return co_await std::move(task);
}

/// Runs what `make` makes on the loop, with a context that posts to the strand of this coroutine.
template <class T>
asio::awaitable<Result<T>> hand_over(asio::any_io_executor loop, std::function<asio::awaitable<Result<T>>(ChunkContext&)> make,
                                     ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  PostingContext posting(co_await asio::this_coro::executor, context);
  auto done = co_await run_on(loop, errors_as_values(make(posting)));
  posting.rethrow();
  co_return done;
}

}  // namespace

struct LoopThread::Loop {
  ~Loop() { join(); }

  /// An exception that comes as far as this left a task that has no caller, because run_on() brings others back to theirs. The
  /// loop goes on with the other tasks (boost::asio::io_context, "Effect of exceptions thrown from handlers").
  void run_tasks() noexcept {
    for (;;) {
      try {
        context.run();
        return;
      } catch (...) {
        continue;
      }
    }
  }

  /// Waits until the loop has nothing left to do.
  void join() {
    work.reset();
    if (thread.joinable()) thread.join();
  }

  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::optional<Error> failure{};
  std::thread thread{};
};

LoopThread::LoopThread() : loop_(std::make_unique<Loop>()) {
  try {
    loop_->thread = std::thread([loop = loop_.get()] { loop->run_tasks(); });
  } catch (const std::system_error& cause) {
    loop_->failure = no_thread(cause);
  }
}

LoopThread::~LoopThread() = default;

asio::any_io_executor LoopThread::executor() const { return loop_->context.get_executor(); }

const std::optional<Error>& LoopThread::failure() const noexcept { return loop_->failure; }

asio::awaitable<Result<void>> LoopThread::run(asio::awaitable<Result<void>> task) {
  if (loop_->failure) co_return *loop_->failure;
  co_return co_await run_on(loop_->context.get_executor(), errors_as_values(std::move(task)));
}

asio::awaitable<Result<ChunkResult>> LoopThread::render_chunk(Render render, ChunkContext& context) {
  if (loop_->failure) co_return *loop_->failure;
  co_return co_await hand_over<ChunkResult>(executor(), std::move(render), context);
}

asio::awaitable<Result<CompositionDescription>> LoopThread::describe(Describe describe, ChunkContext& context) {
  if (loop_->failure) co_return *loop_->failure;
  co_return co_await hand_over<CompositionDescription>(executor(), std::move(describe), context);
}

void LoopThread::end(asio::awaitable<void> last) {
  if (!loop_->thread.joinable()) return;
  asio::co_spawn(loop_->context, std::move(last), asio::detached);
  loop_->join();
}

}  // namespace orchestrator
