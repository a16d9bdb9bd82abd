#pragma once

#include "protocol/frame_codec.hpp"

#include <orchestrator/worker/child_process.hpp>
#include <orchestrator/worker/messages.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <chrono>
#include <memory>

namespace orchestrator::protocol {

/// How often a worker gives a sign of life to a host that does not say what its limit is.
inline constexpr std::chrono::milliseconds unasked_heartbeat_interval{200};

/// Messages over a pair of descriptors (pipes or sockets; may be the same one). Both sides of the protocol use this class.
/// To be used on one strand, with one receive() at a time.
class MessageChannel {
 public:
  MessageChannel(boost::asio::any_io_executor executor, UniqueFd input, UniqueFd output);
  ~MessageChannel();
  MessageChannel(const MessageChannel&) = delete;
  MessageChannel& operator=(const MessageChannel&) = delete;

  /// Queues a message; never blocks. If the other side is gone, the message is lost, and receive() reports that.
  void send(const Message& message);
  /// The next message. Errors: executor_unavailable when the stream ends or stays silent for `silence_limit` (0 = for ever),
  /// protocol_error for garbage. Cancellation: terminal, Errc::cancelled; receive() may be called again.
  boost::asio::awaitable<Result<Message>> receive(std::chrono::milliseconds silence_limit);
  /// Waits until everything queued has been written, `limit` at most. False if it could not be. Cancellation: ends the wait.
  boost::asio::awaitable<bool> flush(std::chrono::milliseconds limit);
  /// Sends a heartbeat every `interval`, which is never taken for less than 100 ms, until stop_beating() or close().
  void keep_beating(std::chrono::milliseconds interval);
  void stop_beating();
  /// Closes both descriptors.
  void close();

  struct State;

 private:
  boost::asio::awaitable<Result<std::string>> read_some(std::chrono::milliseconds silence_limit);
  std::shared_ptr<State> state_;
  FrameDecoder decoder_{};
};

}  // namespace orchestrator::protocol
