#pragma once

#include "render/unexpected.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <optional>
#include <stop_token>
#include <utility>

namespace orchestrator {

/// Does `work` on a loop of its own, which runs in this thread until `work` has ended; `stop` cancels it. What it throws, a
/// defect, becomes Errc::internal.
template <class T>
Result<T> wait_for(boost::asio::awaitable<Result<T>> work, const std::stop_token& stop) {
  namespace asio = boost::asio;
  asio::cancellation_signal cancel;  // outlives the operations it can cancel
  std::optional<Result<T>> outcome;
  asio::io_context context(1);
  auto done = [&](const std::exception_ptr& thrown, Result<T> result) {
    if (thrown) std::rethrow_exception(thrown);
    outcome = std::move(result);
  };
  asio::co_spawn(context, std::move(work), asio::bind_cancellation_slot(cancel.slot(), done));
  // Signals are not thread-safe: the request is posted to the loop, never emitted from the requesting thread.
  const std::stop_callback on_stop(stop, [&] { asio::post(context, [&] { cancel.emit(asio::cancellation_type::terminal); }); });
  std::exception_ptr thrown;
  for (bool over = false; !over;) {
    try {
      context.run();
      over = true;
    } catch (...) {  // a defect: cancel and run on, because other threads still refer to this loop
      thrown = std::current_exception();
      cancel.emit(asio::cancellation_type::terminal);
    }
  }
  if (thrown) return unexpected(thrown);
  return std::move(*outcome);
}

}  // namespace orchestrator
