#include "lambda/aws/event_stream.hpp"
#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::aws;
using namespace orchestrator::test;

namespace {

using Type = EventMessage::Header::Type;

std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

/// Two PayloadChunks and the InvokeComplete, as AWS's own JavaScript codec writes them.
std::string golden() {
  const std::string chunk = from_hex("0000006e0000005ac89eaeaf") + "\x0b:event-type\x07" + from_hex("000c") + "PayloadChunk\x0d" +
                            ":content-type\x07" + from_hex("0018") + "application/octet-stream\x0d" + ":message-type\x07" +
                            from_hex("0005") + "event";
  return chunk + "AAAA" + from_hex("34dc5f9f") + chunk + "BBBB" + from_hex("960b4c51") + from_hex("00000066000000541f56c869") +
         "\x0b:event-type\x07" + from_hex("000e") + "InvokeComplete\x0d" + ":content-type\x07" + from_hex("0010") +
         "application/json\x0d" + ":message-type\x07" + from_hex("0005") + "event{}" + from_hex("7006d467");
}

struct Decoded {
  std::vector<EventMessage> messages{};
  std::string error{};
  bool at_boundary{false};
};

Decoded decode(const std::vector<std::string>& parts) {
  EventStreamDecoder decoder;
  Decoded decoded;
  for (const std::string& part : parts) {
    decoder.feed(part);
    for (;;) {
      auto message = decoder.next();
      if (!message) {
        CHECK(message.error().code == Errc::protocol_error);
        decoded.error = message.error().detail;
        return decoded;
      }
      if (!*message) break;
      decoded.messages.push_back(std::move(**message));
    }
  }
  decoded.at_boundary = decoder.at_boundary();
  return decoded;
}

}  // namespace

TEST_CASE("event stream: messages come out whole, wherever the stream is cut", "[aws]") {
  const std::string bytes = golden();
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const Decoded decoded = decode({bytes.substr(0, cut), bytes.substr(cut)});
    REQUIRE(decoded.error.empty());
    REQUIRE(decoded.messages.size() == 3);
    REQUIRE(decoded.at_boundary);
    CHECK(decoded.messages[0].payload == "AAAA");
    CHECK(decoded.messages[1].payload == "BBBB");
    CHECK(decoded.messages[2].payload == "{}");
    CHECK(decoded.messages[0].text(":event-type") == "PayloadChunk");
    CHECK(decoded.messages[2].text(":event-type") == "InvokeComplete");
    CHECK(decoded.messages[2].text(":message-type") == "event");
  }
}

TEST_CASE("event stream: what is encoded is what AWS's codec writes", "[aws]") {
  std::string again;
  for (const EventMessage& message : decode({golden()}).messages) again += encode_event(message);
  CHECK(again == golden());
}

TEST_CASE("event stream: headers of every type, in their order", "[aws]") {
  const EventMessage message{.headers = {{"t", Type::yes, ""},
                                         {"f", Type::no, ""},
                                         {"b", Type::int8, "1"},
                                         {"s", Type::int16, "12"},
                                         {"i", Type::int32, "1234"},
                                         {"l", Type::int64, "12345678"},
                                         {"raw", Type::bytes, std::string("\0\xff", 2)},
                                         {"text", Type::text, "é"},
                                         {"when", Type::timestamp, "12345678"},
                                         {"id", Type::uuid, "0123456789abcdef"}},
                             .payload = ""};
  const Decoded decoded = decode({encode_event(message)});
  REQUIRE(decoded.messages.size() == 1);
  CHECK(decoded.messages[0] == message);
  CHECK(decoded.messages[0].text("text") == "é");
  CHECK(decoded.messages[0].text("raw").empty());
  CHECK(decoded.messages[0].text("none").empty());
}

TEST_CASE("event stream: one flipped bit anywhere is an error, never another message", "[aws]") {
  const std::string bytes = golden();
  const std::vector<EventMessage> sound = decode({bytes}).messages;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const Decoded decoded = decode({damaged});
    CHECK(contains(decoded.error, "the event stream is damaged"));
    CHECK(decoded.messages.size() < sound.size());
    for (std::size_t i = 0; i < decoded.messages.size(); ++i) CHECK(decoded.messages[i] == sound[i]);
  }
}

TEST_CASE("event stream: a truncated stream does not end at a message's end", "[aws]") {
  const std::string bytes = golden();
  CHECK_FALSE(decode({bytes.substr(0, bytes.size() - 1)}).at_boundary);
  CHECK(decode({bytes.substr(0, 0x6e)}).at_boundary);
}

TEST_CASE("event stream: impossible lengths are refused before they are waited for", "[aws]") {
  const EventMessage empty{};
  CHECK(decode({encode_event(empty)}).messages.size() == 1);
  // u32 length, u32 header length, and the right CRC-32 of both.
  CHECK(contains(decode({from_hex("ffffffff00000000ffffffff")}).error, "impossible lengths"));
}
