#include "lambda/aws/event_stream.hpp"

#include <boost/crc.hpp>

#include <array>

namespace orchestrator::aws {

namespace {

// AWS, "Amazon Event Stream specification": u32 length of all, u32 length of the headers, u32 CRC-32 of these eight bytes,
// headers, payload, u32 CRC-32 of all before. Big-endian.
constexpr std::size_t prelude_bytes = 12, overhead_bytes = 16;
constexpr std::size_t max_headers_bytes = std::size_t{128} << 10, max_message_bytes = (std::size_t{16} << 20) + overhead_bytes;

std::uint32_t crc_of(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

std::string big_endian(std::size_t number, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) text += static_cast<char>((number >> shift) & 0xFFU);
  return text;
}

std::size_t read_number(std::string_view bytes) {
  std::size_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

Error garbage(const std::string& what) {
  return {.code = Errc::protocol_error, .detail = "the event stream is damaged: " + what, .stage = Stage::start};
}

/// Bytes that a value of this type has; nothing if the value begins with its length.
std::optional<std::size_t> fixed_size(EventMessage::Header::Type type) {
  constexpr std::array<std::size_t, 10> sizes{0, 0, 1, 2, 4, 8, 0, 0, 8, 16};
  using Type = EventMessage::Header::Type;
  if (type == Type::bytes || type == Type::text) return std::nullopt;
  return sizes.at(static_cast<std::size_t>(type));
}

/// Takes `size` bytes off the front.
std::optional<std::string_view> take(std::string_view& rest, std::size_t size) {
  if (rest.size() < size) return std::nullopt;
  const std::string_view taken = rest.substr(0, size);
  rest.remove_prefix(size);
  return taken;
}

/// Takes a header off the front: u8 length of the name, name, u8 type, value.
std::optional<EventMessage::Header> take_header(std::string_view& rest) {
  const auto name_size = take(rest, 1);
  if (!name_size) return std::nullopt;
  const auto name = take(rest, read_number(*name_size));
  const auto type_byte = take(rest, 1);
  if (!name || !type_byte || read_number(*type_byte) > 9) return std::nullopt;
  EventMessage::Header header{.name = std::string(*name),
                              .type = static_cast<EventMessage::Header::Type>(read_number(*type_byte))};
  std::optional<std::size_t> size = fixed_size(header.type);
  if (!size) {
    const auto length = take(rest, 2);
    if (!length) return std::nullopt;
    size = read_number(*length);
  }
  const auto value = take(rest, *size);
  if (!value) return std::nullopt;
  header.value = *value;
  return header;
}

Result<EventMessage> parse_message(std::string_view bytes, std::size_t headers_bytes) {
  if (read_number(bytes.substr(bytes.size() - 4)) != crc_of(bytes.substr(0, bytes.size() - 4))) {
    return garbage("the sum of a message is wrong");
  }
  EventMessage message{
      .payload = std::string(bytes.substr(prelude_bytes + headers_bytes, bytes.size() - overhead_bytes - headers_bytes))};
  for (std::string_view rest = bytes.substr(prelude_bytes, headers_bytes); !rest.empty();) {
    auto header = take_header(rest);
    if (!header) return garbage("a header of a message is cut off or of no known type");
    message.headers.push_back(std::move(*header));
  }
  return message;
}

}  // namespace

std::string_view EventMessage::text(std::string_view name) const {
  for (const Header& header : headers) {
    if (header.name == name && header.type == Header::Type::text) return header.value;
  }
  return {};
}

std::string encode_event(const EventMessage& message) {
  std::string headers;
  for (const EventMessage::Header& header : message.headers) {
    const std::string name = header.name.substr(0, 255);
    const std::string value = header.value.substr(0, 65'535);
    headers += big_endian(name.size(), 1) + name + static_cast<char>(header.type);
    if (!fixed_size(header.type)) headers += big_endian(value.size(), 2);
    headers += value;
  }
  std::string bytes = big_endian(overhead_bytes + headers.size() + message.payload.size(), 4) + big_endian(headers.size(), 4);
  bytes += big_endian(crc_of(bytes), 4);
  bytes += headers + message.payload;
  return bytes + big_endian(crc_of(bytes), 4);
}

Result<std::optional<EventMessage>> EventStreamDecoder::next() {
  const std::string_view rest = std::string_view(buffer_).substr(used_);
  if (rest.size() < prelude_bytes) return std::optional<EventMessage>{};
  const std::size_t size = read_number(rest.substr(0, 4)), headers_bytes = read_number(rest.substr(4, 4));
  if (read_number(rest.substr(8, 4)) != crc_of(rest.substr(0, 8))) return garbage("the sum of a message's lengths is wrong");
  if (size > max_message_bytes || headers_bytes > max_headers_bytes || size < overhead_bytes + headers_bytes) {
    return garbage("a message has impossible lengths");
  }
  if (rest.size() < size) return std::optional<EventMessage>{};
  auto message = parse_message(rest.substr(0, size), headers_bytes);
  if (!message) return message.error();
  used_ += size;
  if (used_ == buffer_.size() || used_ > max_message_bytes) {
    buffer_.erase(0, used_);
    used_ = 0;
  }
  return std::optional<EventMessage>(std::move(*message));
}

}  // namespace orchestrator::aws
