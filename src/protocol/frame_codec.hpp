#pragma once

#include <orchestrator/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator::protocol {

/// docs/worker-protocol.md, "Frames": u32 big-endian payload length, u8 kind, payload.
enum class FrameKind : std::uint8_t {
  control = 1,  ///< one JSON object
  data = 2,     ///< raw bytes that belong to the control message before them
};

struct WireFrame {
  FrameKind kind{FrameKind::control};
  std::string payload{};
};

/// A frame that claims a longer payload is garbage: nothing that speaks the protocol sends one.
inline constexpr std::size_t max_payload_bytes = std::size_t{16} << 20;

std::string encode_frame(FrameKind kind, std::string_view payload);

/// Cuts a byte stream into frames. Feed it whatever arrives, take out what is complete.
class FrameDecoder {
 public:
  void feed(std::string_view bytes) { buffer_ += bytes; }
  /// The next frame, nothing if more bytes are needed, Errc::protocol_error for garbage (then stop reading).
  Result<std::optional<WireFrame>> next();

 private:
  std::string buffer_{};
  std::size_t used_{0};
};

}  // namespace orchestrator::protocol
