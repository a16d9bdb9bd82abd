#pragma once

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <future>
#include <memory>
#include <utility>

namespace orchestrator {

/// Starts `task` on `there` (a strand or a single-threaded loop, perhaps of another thread), where `done` is called with what it
/// threw and its value. What `slot` is told is forwarded; the signal that forwards it is returned, and to be emitted only there.
/// co_spawn alone has a race: if the task ends on another thread while it is being cancelled, its cancellation handler may
/// outlive what it points to (asio #1332). Here the cancellation and the completion handler share the ownership of the signal.
template <class T, class Executor, class Done>
std::shared_ptr<boost::asio::cancellation_signal> spawn_on(const Executor& there, boost::asio::awaitable<T> task,
                                                           boost::asio::cancellation_slot slot, Done done) {
  namespace asio = boost::asio;
  auto signal = std::make_shared<asio::cancellation_signal>();
  if (slot.is_connected()) {
    slot.assign([signal, there](asio::cancellation_type type) { asio::post(there, [signal, type] { signal->emit(type); }); });
  }
  auto ended = [signal, done = std::move(done)](std::exception_ptr thrown, T value) mutable { done(thrown, std::move(value)); };
  asio::co_spawn(there, std::move(task), asio::bind_cancellation_slot(signal->slot(), std::move(ended)));
  return signal;
}

/// Runs `task` on `there`, as spawn_on() does, and comes back with its result. Cancellation is forwarded. When it is back, the
/// thread of `there` refers to nothing of the caller's any more.
template <class T, class Executor>
boost::asio::awaitable<T> run_on(Executor there, boost::asio::awaitable<T> task) {
  namespace asio = boost::asio;
  auto initiate = [](auto handler, Executor where, asio::awaitable<T> work, bool cancelled) {
    const auto slot = asio::get_associated_cancellation_slot(handler);
    auto done = [handler = std::move(handler)](std::exception_ptr thrown, T value) mutable {
      // The caller may destroy its loop as soon as it has the result, and a strand that is released later would look for its
      // service there. So the caller waits the moment that this thread takes to let go of the strand.
      std::promise<void> let_go;
      {
        auto back = asio::get_associated_executor(handler);
        asio::post(back, [handler = std::move(handler), thrown, value = std::move(value), gone = let_go.get_future()]() mutable {
          gone.wait();
          std::move(handler)(thrown, std::move(value));
        });
      }
      let_go.set_value();
    };
    const auto signal = spawn_on(where, std::move(work), slot, std::move(done));
    if (cancelled) asio::post(where, [signal] { signal->emit(asio::cancellation_type::terminal); });
  };
  // A loop that has seen a timer waits in epoll. Others wait for a condition variable, which the thread of `there` may still be
  // signalling when the caller has its result and destroys the loop.
  const asio::steady_timer waits_in_epoll(co_await asio::this_coro::executor);
  const bool cancelled = co_await is_cancelled();
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, T)>(
      initiate, asio::use_awaitable, std::move(there), std::move(task), cancelled);
}

}  // namespace orchestrator
