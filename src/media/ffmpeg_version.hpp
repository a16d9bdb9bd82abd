#pragma once

#include <boost/asio/awaitable.hpp>

#include <string>

namespace orchestrator {

/// ffmpeg's version, "5.1.9-0+deb12u1", by its own word; empty if it does not say. Starts it, which takes 0.1 s. Cancellation:
/// terminal; the version is then empty.
boost::asio::awaitable<std::string> ffmpeg_version();

}  // namespace orchestrator
