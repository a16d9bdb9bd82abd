#pragma once

#include <orchestrator/chunk.hpp>
#include <orchestrator/error.hpp>
#include <orchestrator/progress.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace orchestrator::protocol {

/// docs/worker-protocol.md describes every message and field; this is the same list in C++.
inline constexpr int version = 1;

/// First message of both sides. The worker speaks first.
struct Hello {
  int protocol{version};
  std::string software{};                        ///< "orchestrator 0.1.0"
  std::string name{};                            ///< worker: its host's name and pid
  std::chrono::milliseconds heartbeat_limit{0};  ///< host: silence after which the worker gives up; 0 = end of stdin only
};
struct Job {
  ChunkJob job{};
};
struct Cancel {};
struct Heartbeat {};
struct ChunkProgress {
  std::int64_t captured{0};
  std::int64_t encoded{0};
};
struct Log {
  LogLevel level{LogLevel::info};
  std::string text{};
};
struct Done {
  ChunkResult result{};
};
struct Failed {
  Error error{};
};
using Message = std::variant<Hello, Job, Cancel, Heartbeat, ChunkProgress, Log, Done, Failed>;

/// Name of the message as in its "type" field.
std::string_view type_of(const Message& message) noexcept;
std::string to_json(const Message& message);
/// Unknown types and wrong fields are Errc::protocol_error; unknown fields are ignored.
Result<Message> parse_message(std::string_view json);

}  // namespace orchestrator::protocol
