#pragma once

#include <orchestrator/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator::aws {

/// A message of application/vnd.amazon.eventstream.
struct EventMessage {
  struct Header {
    enum class Type : std::uint8_t { yes, no, int8, int16, int32, int64, bytes, text, timestamp, uuid };
    std::string name{};
    Type type{Type::text};
    std::string value{};  ///< as on the wire, without its length
    friend bool operator==(const Header&, const Header&) = default;
  };
  std::vector<Header> headers{};
  std::string payload{};
  /// The text of a header (":event-type"); empty if there is none of this name and type.
  std::string_view text(std::string_view name) const;
  friend bool operator==(const EventMessage&, const EventMessage&) = default;
};

/// The bytes of a message. The format holds header names of up to 255 bytes and values of up to 65,535; longer ones are cut.
std::string encode_event(const EventMessage& message);

/// Cuts a byte stream into messages and checks both sums of each. Feed it whatever arrives, take out what is complete.
class EventStreamDecoder {
 public:
  void feed(std::string_view bytes) { buffer_ += bytes; }
  /// The next message, nothing if more bytes are needed, Errc::protocol_error for garbage (then stop reading).
  Result<std::optional<EventMessage>> next();
  /// Whether the stream may end here.
  bool at_boundary() const { return used_ == buffer_.size(); }

 private:
  std::string buffer_{};
  std::size_t used_{0};
};

}  // namespace orchestrator::aws
