#pragma once

#include <orchestrator/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace orchestrator::lambda {

/// What the Runtime API hands out: one event, and the deadline for its answer.
struct RuntimeInvocation {
  std::string request_id{};
  std::string invocation_id{};  ///< Lambda-Runtime-Invocation-Id, echoed with the answer; an older Runtime API sends none
  std::chrono::system_clock::time_point deadline{};
  std::string event{};
};

/// A failure of the function itself, as the platform counts it. `type` has the form (Runtime|Function).[A-Z][a-zA-Z]+
struct FunctionFailure {
  std::string type{};
  std::string message{};
};

/// The answer to one invocation, sent while it is made. If this object is destroyed before finish() or fail(), the connection
/// breaks and the answer counts as truncated.
class ResponseStream {
 public:
  boost::asio::awaitable<Result<void>> write(std::string_view bytes);
  boost::asio::awaitable<Result<void>> finish();
  /// Ends the answer as a failure. The failure goes into trailers, because the header has been sent already.
  boost::asio::awaitable<Result<void>> fail(FunctionFailure failure);

 private:
  friend class RuntimeClient;
  explicit ResponseStream(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}
  boost::asio::awaitable<Result<void>> await_acceptance();

  boost::asio::ip::tcp::socket socket_;
};

/// Lambda's Runtime API (2018-06-01) over HTTP/1.1 on the loopback interface. Each request has a connection of its
/// own. Every error is Errc::executor_unavailable. An answer that comes too late is refused (410); the caller can only go on.
class RuntimeClient {
 public:
  /// `address` is what AWS_LAMBDA_RUNTIME_API says: "127.0.0.1:9001".
  RuntimeClient(boost::asio::any_io_executor executor, std::string address)
      : executor_(std::move(executor)), address_(std::move(address)) {}

  /// Waits without limit: the environment is frozen until there is work. Cancellation: terminal.
  boost::asio::awaitable<Result<RuntimeInvocation>> next();
  boost::asio::awaitable<Result<ResponseStream>> respond(const RuntimeInvocation& invocation);
  boost::asio::awaitable<Result<void>> report_init_error(FunctionFailure failure);

 private:
  boost::asio::awaitable<Result<boost::asio::ip::tcp::socket>> connect();

  boost::asio::any_io_executor executor_;
  std::string address_;
};

}  // namespace orchestrator::lambda
