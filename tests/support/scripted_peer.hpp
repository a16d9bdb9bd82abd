#pragma once

#include "support/channel_ends.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace orchestrator::test {

/// The other end of a conversation, played by the test itself.
class ScriptedPeer {
 public:
  /// The descriptors that the tested end reads from and writes to.
  UniqueFd take_input() { return std::move(ends_.other.input); }
  UniqueFd take_output() { return std::move(ends_.other.output); }

  void write(std::string_view bytes) {
    if (::send(ends_.one.input.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("the peer cannot write");
    }
  }
  void say(const protocol::Message& message) { write(encode_frame(protocol::FrameKind::control, to_json(message))); }
  void hang_up() { ends_.one = {}; }

  /// The type of the next message that has arrived, or "nothing", without waiting; heartbeats are left out.
  std::string next_type() {
    char buffer[4096];
    for (ssize_t size = 1; size > 0;) {
      size = ::recv(ends_.one.input.get(), buffer, sizeof buffer, MSG_DONTWAIT);
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
  ChannelEnds ends_{make_channel_ends()};
  protocol::FrameDecoder decoder_{};
  protocol::Message last_{};
};

}  // namespace orchestrator::test
