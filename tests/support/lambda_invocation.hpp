#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator::test {

/// What the emulator does to an invocation on purpose.
enum class LambdaFault {
  throttle,       ///< 429 before anything runs
  service_error,  ///< 500 before anything runs
  reset,          ///< the caller's connection is reset after the first piece of the response
  truncate,       ///< the stream ends in order, but without InvokeComplete
  crash,          ///< the environment is killed (SIGKILL) with the first piece of the response
  out_of_time,    ///< the time is up with the first piece of the response
  out_of_memory,  ///< the environment is killed for its memory, with the first piece of the response
  hang,           ///< the environment stops (SIGSTOP) with the first piece of the response, and says nothing more
};

/// How a function failed: what X-Amz-Function-Error stands for.
struct LambdaFunctionError {
  std::string type{};  ///< "Runtime.ExitError"
  std::string body{};  ///< {"errorType":...,"errorMessage":...}
};

/// `type` and `message` as the platform writes them.
LambdaFunctionError lambda_error(std::string type, std::string_view message);

/// One invocation, between the caller who waits for it and the environment that runs it.
class LambdaInvocation {
 public:
  LambdaInvocation(const boost::asio::any_io_executor& executor, std::string event_json, std::optional<LambdaFault> on_purpose);

  std::string request_id;
  std::string invocation_id;  ///< Lambda-Runtime-Invocation-Id
  std::string event;
  std::optional<LambdaFault> fault;
  std::function<void()> on_end{};

  /// The environment's side. `add` waits while the caller is slow; what comes after the end is dropped.
  boost::asio::awaitable<void> add(std::string piece);
  void end(std::optional<LambdaFunctionError> failure = std::nullopt);
  bool ended() const { return ended_; }

  /// The caller's side: the next piece; nothing at the end.
  boost::asio::awaitable<std::optional<std::string>> next();
  /// The caller went away: nobody reads any more, but the function runs on.
  void abandon();
  const std::optional<LambdaFunctionError>& failure() const { return failure_; }

 private:
  boost::asio::awaitable<void> change();

  boost::asio::steady_timer changed_;
  std::deque<std::string> pieces_{};
  bool ended_{false};
  bool abandoned_{false};
  std::optional<LambdaFunctionError> failure_{};
};

}  // namespace orchestrator::test
