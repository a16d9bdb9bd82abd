#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>

namespace orchestrator::test {

/// Runs one coroutine to its end on `context`; throws if it takes longer than a minute.
template <class T>
T await(boost::asio::io_context& context, boost::asio::awaitable<T> work) {
  std::optional<T> result;
  std::exception_ptr thrown;
  const auto done = [&](std::exception_ptr error, T value) {
    thrown = error;
    result.emplace(std::move(value));
    context.stop();
  };
  boost::asio::co_spawn(context, std::move(work), done);
  context.restart();
  context.run_for(std::chrono::minutes(1));
  if (thrown) std::rethrow_exception(thrown);
  if (!result) throw std::runtime_error("a coroutine did not end within a minute");
  return std::move(*result);
}

template <class T>
T await(boost::asio::awaitable<T> work) {
  boost::asio::io_context context;
  return await(context, std::move(work));
}

}  // namespace orchestrator::test
