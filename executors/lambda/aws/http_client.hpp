#pragma once

#include "lambda/aws/http_failure.hpp"
#include "lambda/aws/http_message.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace orchestrator::aws {

struct HttpSendOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds silence_timeout{60'000};  ///< longest time without a byte in either direction; 0: none
  std::chrono::milliseconds total_timeout{0};         ///< 0: none
  std::size_t max_body_bytes{std::size_t{8} << 20};   ///< of a response that is kept in memory
  /// Gets the body of a 2xx response in pieces, and none of it is kept in memory. Returning false ends the transfer. It must not
  /// call the client.
  std::function<bool(std::string_view)> on_body{};
  bool expect_continue{false};  ///< ask before a large body is sent (RFC 9110, 10.1.1)
  bool through_proxy{true};     ///< false: http_proxy and the like are ignored
};

/// HTTP over libcurl's multi interface: one thread, hundreds of requests in flight, connections kept and used again. Certificates
/// are checked, proxies come from the environment, redirects are not followed.
/// Threads: everything on `executor`, a strand or the loop of one thread. Ownership: may be destroyed before its requests have
/// ended.
class HttpClient {
 public:
  explicit HttpClient(boost::asio::any_io_executor executor);

  /// The response, whatever its status. Cancellation: terminal; the connection is closed, the other side may go on.
  boost::asio::awaitable<HttpResult<HttpResponse>> send(HttpRequest request, HttpSendOptions options = {});

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace orchestrator::aws
