#pragma once

#include "async/cancelled.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <utility>

namespace orchestrator {

/// Runs `task` on `there` (a strand or a single-threaded loop, perhaps of another thread) and comes back with its result.
/// Cancellation is forwarded. co_spawn alone has a race: if the task ends on another thread while it is being cancelled, its
/// cancellation handler may outlive what it points to (asio #1332). Here the cancellation and the completion handler share the
/// ownership of the signal.
template <class T, class Executor>
boost::asio::awaitable<T> run_on(Executor there, boost::asio::awaitable<T> task) {
  namespace asio = boost::asio;
  auto initiate = [](auto handler, Executor where, asio::awaitable<T> work, bool cancelled) {
    auto signal = std::make_shared<asio::cancellation_signal>();
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      slot.assign([signal, where](asio::cancellation_type type) { asio::post(where, [signal, type] { signal->emit(type); }); });
    }
    auto done = [signal, handler = std::move(handler)](std::exception_ptr thrown, T value) mutable {
      auto back = asio::get_associated_executor(handler);
      asio::post(back, [handler = std::move(handler), thrown, value = std::move(value)]() mutable {
        std::move(handler)(thrown, std::move(value));
      });
    };
    asio::co_spawn(where, std::move(work), asio::bind_cancellation_slot(signal->slot(), std::move(done)));
    if (cancelled) asio::post(where, [signal] { signal->emit(asio::cancellation_type::terminal); });
  };
  const bool cancelled = co_await is_cancelled();
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, T)>(
      initiate, asio::use_awaitable, std::move(there), std::move(task), cancelled);
}

}  // namespace orchestrator
