#pragma once

#include <orchestrator/worker/child_process.hpp>

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

/// A call that was sent. The connection keeps it until its reply has come, the caller until finish() has returned.
struct CdpCall {
  explicit CdpCall(const boost::asio::any_io_executor& executor) : wakeup(executor) {}
  std::int64_t id{0};
  std::string method{};
  std::string session{};
  boost::asio::steady_timer wakeup;  // expires at the call's deadline; cancelled when the reply comes
  std::optional<Result<std::string>> reply{};
};

/// The Chrome DevTools Protocol over --remote-debugging-pipe. Lives on one strand.
///
/// Errors of calls: capture_failed with Chromium's own words; browser_crashed once the connection has ended, or protocol_error
/// if it ended because Chromium sent something other than CDP; timed_out (callers, who know what they waited for, explain it);
/// cancelled. Cancellation: terminal; the reply is then dropped.
class CdpConnection {
 public:
  using EventHandler = std::function<void(std::string_view params)>;

  /// `commands` is a Unix socket, because writing to a pipe whose reader is gone raises SIGPIPE, and this library leaves the
  /// signals of the host program alone; `replies` is a pipe.
  CdpConnection(boost::asio::any_io_executor executor, UniqueFd commands, UniqueFd replies);
  CdpConnection(const CdpConnection&) = delete;
  CdpConnection& operator=(const CdpConnection&) = delete;
  ~CdpConnection();

  /// Sends a call without waiting for it; `params` is a JSON object, `session` empty for the browser itself.
  std::shared_ptr<CdpCall> send(std::string_view method, std::string_view params, std::string_view session,
                                std::chrono::steady_clock::time_point deadline);
  /// Waits for the reply to a call and returns its JSON object `result`.
  boost::asio::awaitable<Result<std::string>> finish(std::shared_ptr<CdpCall> call);
  boost::asio::awaitable<Result<std::string>> call(std::string method, std::string params, std::string session,
                                                   std::chrono::steady_clock::time_point deadline);

  /// Sets the only handler for an event of a session. It is called on the strand when the event is read from the pipe.
  void on_event(std::string_view session, std::string_view method, EventHandler handler);
  /// Ends with `error` all calls of a session that still wait for a reply.
  void fail_calls(std::string_view session, const Error& error);
  bool open() const noexcept;
  void close();
  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace orchestrator
