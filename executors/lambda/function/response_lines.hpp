#pragma once

#include "lambda/function/runtime_client.hpp"

#include <orchestrator/worker/messages.hpp>
#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>

namespace orchestrator::lambda {

/// The answer to an invocation: messages of the worker protocol as lines of JSON. Sending never waits.
class ResponseLines {
 public:
  /// `on_broken` is called once, if the platform does not take the answer any more.
  ResponseLines(boost::asio::any_io_executor executor, ResponseStream stream, std::function<void(Error)> on_broken)
      : stream_(std::move(stream)), on_broken_(std::move(on_broken)), writers_(std::move(executor)) {}

  void send(const protocol::Message& message);
  /// Waits until everything is sent and accepted. Nothing can be sent afterwards.
  boost::asio::awaitable<Result<void>> finish();
  boost::asio::awaitable<Result<void>> fail(FunctionFailure failure);

 private:
  void append(const std::string& line);
  boost::asio::awaitable<void> write_waiting();

  ResponseStream stream_;
  std::function<void(Error)> on_broken_;
  TaskGroup writers_;
  std::string waiting_{};
  bool writing_{false};
  std::optional<Error> broken_{};
  std::size_t log_bytes_{0};
};

}  // namespace orchestrator::lambda
