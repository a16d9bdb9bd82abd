#pragma once

#include "protocol/message_channel.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace orchestrator::test {

/// The descriptors that a channel reads from and writes to, both of one socket.
struct ChannelEnd {
  UniqueFd input;
  UniqueFd output;
};

/// Both ends of one connection.
struct ChannelEnds {
  ChannelEnd one;
  ChannelEnd other;
};

inline ChannelEnds make_channel_ends() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("socketpair");
  return {{UniqueFd(ends[0]), UniqueFd(::dup(ends[0]))}, {UniqueFd(ends[1]), UniqueFd(::dup(ends[1]))}};
}

/// Two channels that are connected with each other.
struct ChannelPair {
  explicit ChannelPair(const boost::asio::any_io_executor& executor, ChannelEnds ends = make_channel_ends())
      : one(executor, std::move(ends.one.input), std::move(ends.one.output)),
        other(executor, std::move(ends.other.input), std::move(ends.other.output)) {}
  protocol::MessageChannel one;
  protocol::MessageChannel other;
};

}  // namespace orchestrator::test
