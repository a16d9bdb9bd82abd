#include "protocol/frame_codec.hpp"
#include "support/contains.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace orchestrator;
using namespace orchestrator::protocol;
using namespace orchestrator::test;

namespace {

std::string garbage(std::string_view bytes) {
  FrameDecoder decoder;
  decoder.feed(bytes);
  const auto frame = decoder.next();
  REQUIRE_FALSE(frame.has_value());
  CHECK(frame.error().code == Errc::protocol_error);
  return frame.error().detail;
}

}  // namespace

TEST_CASE("frame codec: length in network order, kind, payload", "[protocol]") {
  CHECK(encode_frame(FrameKind::control, "{}") == std::string("\0\0\0\2\1{}", 7));
  CHECK(encode_frame(FrameKind::data, std::string(0x010203, 'x')).substr(0, 5) == std::string("\0\1\2\3\2", 5));
  CHECK(encode_frame(FrameKind::control, "") == std::string("\0\0\0\0\1", 5));
}

TEST_CASE("frame codec: frames come out whole, wherever the stream is cut", "[protocol]") {
  const std::string bytes = encode_frame(FrameKind::control, "first") + encode_frame(FrameKind::data, "") +
                            encode_frame(FrameKind::control, std::string("\0\n\xff", 3));
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    FrameDecoder decoder;
    std::vector<WireFrame> frames;
    for (const auto& part : {bytes.substr(0, cut), bytes.substr(cut)}) {
      decoder.feed(part);
      for (auto frame = decoder.next(); frame && *frame; frame = decoder.next()) frames.push_back(**frame);
    }
    CAPTURE(cut);
    REQUIRE(frames.size() == 3);
    CHECK(frames[0].payload == "first");
    CHECK(frames[1].kind == FrameKind::data);
    CHECK(frames[2].payload.size() == 3);
  }
}

TEST_CASE("frame codec: a long stream in random pieces", "[protocol]") {
  std::mt19937 random(5);
  std::string bytes;
  std::vector<std::string> sent;
  for (int i = 0; i < 300; ++i) {
    sent.push_back(std::string(random() % 5000, static_cast<char>(random())));
    bytes += encode_frame(FrameKind::control, sent.back());
  }
  FrameDecoder decoder;
  std::size_t received = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t size = std::min<std::size_t>(random() % 4000 + 1, bytes.size() - at);
    decoder.feed(std::string_view(bytes).substr(at, size));
    at += size;
    for (auto frame = decoder.next(); frame && *frame; frame = decoder.next()) REQUIRE((*frame)->payload == sent[received++]);
  }
  CHECK(received == sent.size());
}

TEST_CASE("frame codec: an incomplete frame is no frame yet", "[protocol]") {
  FrameDecoder decoder;
  CHECK_FALSE(decoder.next()->has_value());
  decoder.feed(std::string("\0\0\0\2\1{", 6));
  const auto frame = decoder.next();
  REQUIRE(frame.has_value());
  CHECK_FALSE(frame->has_value());
}

TEST_CASE("frame codec: the longest frame passes, a longer one is garbage", "[protocol]") {
  FrameDecoder decoder;
  decoder.feed(encode_frame(FrameKind::control, std::string(max_payload_bytes, ' ')));
  CHECK((*decoder.next())->payload.size() == max_payload_bytes);
  garbage(encode_frame(FrameKind::control, std::string(max_payload_bytes + 1, ' ')).substr(0, 5));
}

TEST_CASE("frame codec: garbage is quoted, as far as it can be printed", "[protocol]") {
  CHECK(contains(garbage("bash: orchestrator: command not found\n"), "\"bash: orchestrator: command not found.\""));
  CHECK(contains(garbage(std::string("\0\0\0\1\7?", 6)), "\".....?\""));  // unknown kind
  CHECK(garbage(std::string(1000, 'a')).size() < 200);
}
