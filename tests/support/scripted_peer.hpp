#pragma once

#include "protocol/message_channel.hpp"

#include <boost/asio/io_context.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <string_view>

namespace orchestrator::test {

/// A channel's two descriptors (of one socket) and its peer's one.
struct Ends {
  UniqueFd input;
  UniqueFd output;
  UniqueFd peer;
};

inline Ends make_ends() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("socketpair");
  return {UniqueFd(ends[0]), UniqueFd(::dup(ends[0])), UniqueFd(ends[1])};
}

/// The other end of a conversation, played by the test itself.
class ScriptedPeer {
 public:
  explicit ScriptedPeer(UniqueFd end) : end_(std::move(end)) {}

  void write(std::string_view bytes) {
    if (::send(end_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("the peer cannot write");
    }
  }
  void say(const protocol::Message& message) { write(encode_frame(protocol::FrameKind::control, to_json(message))); }
  void hang_up() { end_.reset(); }

  /// The next message that has arrived, without waiting; heartbeats are left out.
  std::string next_type() {
    char buffer[4096];
    for (ssize_t size = 1; size > 0;) {
      size = ::recv(end_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
      if (size > 0) decoder_.feed({buffer, static_cast<std::size_t>(size)});
    }
    for (;;) {
      const auto frame = decoder_.next();
      if (!frame || !*frame) return "nothing";
      last_ = *protocol::parse_message((*frame)->payload);
      if (!std::holds_alternative<protocol::Heartbeat>(last_)) return std::string(type_of(last_));
    }
  }
  const protocol::Message& last() const { return last_; }

 private:
  UniqueFd end_;
  protocol::FrameDecoder decoder_{};
  protocol::Message last_{};
};

}  // namespace orchestrator::test
