#pragma once

#include "process/child_process.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// A call on its way. Kept by the connection until its reply is there and by the caller until it has been waited for.
struct CdpCall {
  explicit CdpCall(const boost::asio::any_io_executor& executor) : wakeup(executor) {}
  std::int64_t id{0};
  std::string method{};
  std::string session{};
  boost::asio::steady_timer wakeup;  // expires at the call's deadline
  std::optional<Result<std::string>> reply{};
};

/// The Chrome DevTools Protocol over --remote-debugging-pipe. Lives on one strand.
///
/// Errors of calls: capture_failed with Chromium's own words, browser_crashed once the connection has ended, timed_out
/// (callers know better what was waited for), cancelled. Cancellation: terminal; the reply is then dropped.
class CdpConnection {
 public:
  using EventHandler = std::function<void(std::string_view params)>;

  /// `commands` is a Unix socket, because writing to a pipe whose reader is gone raises SIGPIPE and this library leaves the
  /// signals of its host alone; `replies` is a pipe.
  CdpConnection(boost::asio::any_io_executor executor, UniqueFd commands, UniqueFd replies);
  CdpConnection(const CdpConnection&) = delete;
  CdpConnection& operator=(const CdpConnection&) = delete;
  ~CdpConnection();

  /// Sends a call without waiting for it; `params` is a JSON object, `session` empty for the browser itself.
  std::shared_ptr<CdpCall> send(std::string_view method, std::string_view params, std::string_view session,
                                std::chrono::steady_clock::time_point deadline);
  /// Waits for the JSON object `result` of a call.
  boost::asio::awaitable<Result<std::string>> finish(std::shared_ptr<CdpCall> call);
  boost::asio::awaitable<Result<std::string>> call(std::string method, std::string params, std::string session,
                                                   std::chrono::steady_clock::time_point deadline);

  /// At most one handler for a session's event; called on the strand, between other work.
  void on_event(std::string_view session, std::string_view method, EventHandler handler);
  /// Ends all calls of a session that are waiting, with `error`.
  void fail_calls(std::string_view session, const Error& error);
  bool open() const noexcept;
  void close();
  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace orchestrator
