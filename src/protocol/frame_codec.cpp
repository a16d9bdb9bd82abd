#include "protocol/frame_codec.hpp"

namespace orchestrator::protocol {

namespace {

constexpr std::size_t header_bytes = 5;

Error garbage(std::string detail) {
  return Error{.code = Errc::protocol_error, .detail = std::move(detail), .stage = Stage::start};
}

/// The beginning of bytes that are no frame, for the error's text: usually the worker command has printed a banner or an error.
std::string printable(std::string_view bytes) {
  std::string text;
  for (const char c : bytes.substr(0, 60)) text += c >= 0x20 && c < 0x7f ? c : '.';
  return text;
}

}  // namespace

std::string encode_frame(FrameKind kind, std::string_view payload) {
  const auto size = static_cast<std::uint32_t>(payload.size());
  std::string frame;
  frame.reserve(header_bytes + payload.size());
  for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>((size >> shift) & 0xFFU);
  frame += static_cast<char>(kind);
  frame += payload;
  return frame;
}

Result<std::optional<WireFrame>> FrameDecoder::next() {
  std::string_view rest(buffer_);
  rest.remove_prefix(used_);
  if (rest.size() < header_bytes) return std::optional<WireFrame>{};
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<std::uint8_t>(rest[i]);
  const auto kind = static_cast<std::uint8_t>(rest[4]);
  if (size > max_payload_bytes || (kind != 1 && kind != 2)) {
    return garbage("received bytes that are not the worker protocol: \"" + printable(rest) + "\"");
  }
  if (rest.size() < header_bytes + size) return std::optional<WireFrame>{};
  WireFrame frame{static_cast<FrameKind>(kind), std::string(rest.substr(header_bytes, size))};
  used_ += header_bytes + size;
  if (used_ == buffer_.size() || used_ > max_payload_bytes) {
    buffer_.erase(0, used_);
    used_ = 0;
  }
  return std::optional<WireFrame>(std::move(frame));
}

}  // namespace orchestrator::protocol
