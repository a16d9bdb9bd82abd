#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace orchestrator {
inline namespace v0 {
namespace testing {

/// Runs a coroutine to its end, on a loop of its own. Blocking.
template <class T>
T run_here(boost::asio::awaitable<T> work) {
  boost::asio::io_context loop;
  std::optional<T> ended;
  const auto note = [&](const std::exception_ptr& thrown, T value) {
    if (thrown) std::rethrow_exception(thrown);
    ended.emplace(std::move(value));
  };
  boost::asio::co_spawn(loop, std::move(work), note);
  loop.run();
  return std::move(*ended);
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
