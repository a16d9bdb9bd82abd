#include "support/lambda_event_stream.hpp"

#include <boost/crc.hpp>

#include <cstdint>

namespace orchestrator::test {

namespace {

void append_number(std::string& frame, std::size_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) frame += static_cast<char>(number >> shift & 0xff);
}

void append_header(std::string& headers, std::string_view name, std::string_view value) {
  append_number(headers, name.size(), 1);
  headers += name;
  headers += '\x07';  // a string
  append_number(headers, value.size(), 2);
  headers += value;
}

std::uint32_t crc32(std::string_view bytes) {
  boost::crc_32_type sum;
  sum.process_bytes(bytes.data(), bytes.size());
  return sum.checksum();
}

}  // namespace

std::string event_stream_frame(std::string_view event_type, std::string_view content_type, std::string_view payload) {
  std::string headers;
  append_header(headers, ":event-type", event_type);
  append_header(headers, ":content-type", content_type);
  append_header(headers, ":message-type", "event");
  std::string frame;
  append_number(frame, headers.size() + payload.size() + 16, 4);
  append_number(frame, headers.size(), 4);
  append_number(frame, crc32(frame), 4);
  frame += headers;
  frame += payload;
  append_number(frame, crc32(frame), 4);
  return frame;
}

}  // namespace orchestrator::test
