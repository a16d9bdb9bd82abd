#include <orchestrator/worker/messages.hpp>

#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::protocol;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// Reads back what it writes, to the letter; the message it reads.
template <class T>
T round_trip(const T& message) {
  const std::string text = to_json(message);
  auto parsed = parse_message(text);
  INFO(text);
  INFO((parsed ? "" : parsed.error().detail));
  REQUIRE(parsed.has_value());
  REQUIRE(std::holds_alternative<T>(*parsed));
  CHECK(to_json(*parsed) == text);
  return std::get<T>(*parsed);
}

ChunkJob every_field() {
  return {.render = "0123456789abcdef",
          .chunk = 7,
          .attempt = 2,
          .frames = {100, 250},
          .composition = "https://example.com/ä?b=\"c\"",
          .props = R"({"a": 1})",
          .composition_id = "Intro",
          .described = R"({"b": "2"})",
          .page = {.timezone = "Asia/Tokyo",
                   .locale = "ja-JP",
                   .strict = true,
                   .stateful = true,
                   .style_sheets = {"/a.css", "/b.css"}},
          .video = {.width = 640,
                    .height = 360,
                    .fps = {24'000, 1001},
                    .codec = "libx264",
                    .preset = "slow",
                    .crf = 3,
                    .pixel_format = "rgb24"},
          .capture = CaptureMode::screenshot,
          .timeouts = {.load = 1ms, .frame = 2ms, .total = 3ms},
          .output = "/tmp/a b/chunk-7.mp4"};
}

std::string refused(std::string_view json) {
  const auto parsed = parse_message(json);
  INFO(json);
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().code == Errc::protocol_error);
  return parsed.error().detail;
}

}  // namespace

TEST_CASE("messages: hello keeps every field", "[protocol]") {
  const Hello hello = round_trip(Hello{.protocol = 4,
                                       .software = "s 1.2",
                                       .name = "host/1",
                                       .heartbeat_limit = 1234ms,
                                       .slots = 5,
                                       .missing = {"no ffmpeg", "no font"}});
  CHECK(hello.slots == 5);
  CHECK(hello.missing == std::vector<std::string>{"no ffmpeg", "no font"});
  CHECK(hello.protocol == 4);
  CHECK(hello.software == "s 1.2");
  CHECK(hello.name == "host/1");
  CHECK(hello.heartbeat_limit == 1234ms);
}

TEST_CASE("messages: a job keeps every field", "[protocol]") {
  const ChunkJob sent = every_field(), job = round_trip(Job{sent}).job;
  CHECK(job.chunk == sent.chunk);
  CHECK(job.attempt == sent.attempt);
  CHECK(job.frames == sent.frames);
  CHECK(job.composition == sent.composition);
  CHECK(job.props == sent.props);
  CHECK(job.composition_id == sent.composition_id);
  CHECK(job.described == sent.described);
  CHECK(job.video.width == 640);
  CHECK(job.video.height == 360);
  CHECK(job.video.fps == sent.video.fps);
  CHECK(job.video.codec == "libx264");
  CHECK(job.video.preset == "slow");
  CHECK(job.video.crf == 3);
  CHECK(job.video.pixel_format == "rgb24");
  CHECK(job.capture == CaptureMode::screenshot);
  CHECK(job.page.timezone == "Asia/Tokyo");
  CHECK(job.page.locale == "ja-JP");
  CHECK(job.page.strict);
  CHECK(job.page.stateful);
  CHECK(job.page.style_sheets == std::vector<std::string>{"/a.css", "/b.css"});
  CHECK(job.timeouts.load == 1ms);
  CHECK(job.timeouts.frame == 2ms);
  CHECK(job.timeouts.total == 3ms);
  CHECK(job.output == sent.output);
}

TEST_CASE("messages: a question about a composition keeps every field", "[protocol]") {
  const ChunkJob from = every_field();
  const Describe sent{.job = {.render = from.render,
                              .composition = from.composition,
                              .props = from.props,
                              .composition_id = from.composition_id,
                              .page = from.page,
                              .video = from.video,
                              .capture = from.capture,
                              .timeouts = from.timeouts},
                      .files_from_host = true,
                      .id = 4};
  const Describe read = round_trip(sent);
  CHECK(read.files_from_host);
  CHECK(read.id == 4);
  CHECK(to_json(Job{without_frames(read.job)}) == to_json(Job{without_frames(sent.job)}));
  CHECK(without_frames(read.job).composition == from.composition);
  CHECK(without_frames(read.job).frames.empty());
}

TEST_CASE("messages: a description keeps every field", "[protocol]") {
  Described sent{.description = {.contract = "virtual clock", .traits = {.order = FrameOrder::forward}}, .job = 3};
  sent.description.compositions.push_back(
      {.id = "intro \xc3\xa4", .width = 640, .height = 360, .fps = {30'000, 1001}, .frames = 90});
  sent.description.compositions.push_back({.duration = {5, 2}});
  const Described read = round_trip(sent);
  CHECK(read.job == 3);
  CHECK(read.description == sent.description);
  CHECK(contains(refused(R"({"type": "description"})"), "message.compositions is missing"));
  CHECK(contains(refused(R"({"type": "description", "compositions": [], "traits": {"order": "odd"}})"), "message.traits.order"));
}

TEST_CASE("messages: a result keeps every field", "[protocol]") {
  ChunkResult sent{.file = "/tmp/c.mp4", .frames = 150, .unchanged_frames = 20, .capture = "shm", .contract = "renderFrame"};
  sent.audio.tracks.push_back({.source = "a.ogg", .volume = 0.5, .duration = 2.5});
  sent.timings = {.boot = 1ms, .capture = 2ms, .encode = 3ms};
  sent.versions = {"0.1.0", "156.0.1", "5.1"};
  sent.still = {.sha256 = "abc", .one_colour = true};
  sent.cpu = {.browser = 4us, .display = 5us, .worker = 6us, .encoder = 7us};
  const ChunkResult result = round_trip(Done{sent}).result;
  CHECK(result.file == sent.file);
  CHECK(result.frames == 150);
  CHECK(result.unchanged_frames == 20);
  CHECK(result.capture == "shm");
  CHECK(result.contract == "renderFrame");
  CHECK(result.versions == sent.versions);
  CHECK(result.still == sent.still);
  CHECK_FALSE(round_trip(Done{}).result.still.has_value());
  REQUIRE(result.audio.tracks.size() == 1);
  CHECK(result.audio.tracks[0].duration == 2.5);
  CHECK(result.timings.capture == 2ms);
  CHECK(result.cpu.encoder == 7us);
}

TEST_CASE("messages: an error keeps every field that a worker knows", "[protocol]") {
  const Error error = round_trip(Failed{{.code = Errc::frame_timeout,
                                         .detail = "frame 3 took too long",
                                         .stage = Stage::capture,
                                         .frame = 3,
                                         .output_tail = "a\nb"}})
                          .error;
  CHECK(error.code == Errc::frame_timeout);
  CHECK(error.stage == Stage::capture);
  CHECK(error.frame == 3);
  CHECK(error.output_tail == "a\nb");
  CHECK_FALSE(round_trip(Failed{}).error.frame.has_value());
}

TEST_CASE("messages: the small ones keep theirs", "[protocol]") {
  round_trip(Cancel{});
  round_trip(Heartbeat{});
  CHECK(round_trip(ChunkProgress{.captured = 5, .encoded = 4}).captured == 5);
  CHECK(round_trip(ChunkProgress{.job = 7}).job == 7);
  CHECK(round_trip(Done{.job = 7}).job == 7);
  CHECK(round_trip(Failed{.job = 7}).job == 7);
  CHECK(round_trip(Job{.job = every_field(), .id = 7}).id == 7);
  for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warning}) {
    CHECK(round_trip(Log{level, "text"}).level == level);
  }
}

TEST_CASE("messages: what pages and programs wrote travels even when it is not UTF-8", "[protocol]") {
  CHECK(round_trip(Log{LogLevel::info, "a\xff\xc3z\tä\n"}).text == "a??z\tä\n");
  const Error error = round_trip(Failed{{.detail = "\xed\xa0\x80", .output_tail = "\xf8"}}).error;
  CHECK(error.detail == "???");
  CHECK(error.output_tail == "?");
}

TEST_CASE("messages: what is missing, unknown or of the wrong type is named", "[protocol]") {
  CHECK(contains(refused("{"), "message is not a JSON object"));
  CHECK(contains(refused("[]"), "message is not a JSON object"));
  CHECK(contains(refused("{}"), "message.type is missing"));
  CHECK(contains(refused(R"({"type": 1})"), "message.type"));
  CHECK(contains(refused(R"({"type": "helo"})"), "message.type is unknown: 'helo'"));
  CHECK(contains(refused(R"({"type": "hello"})"), "message.protocol is missing"));
  CHECK(contains(refused(R"({"type": "hello", "protocol": "1"})"), "message.protocol is not an integer"));
  CHECK(contains(refused(R"({"type": "hello", "protocol": 1e99})"), "message.protocol"));
  CHECK(contains(refused(R"({"type": "hello", "protocol": 1, "name": null, "software": []})"), "message.software"));
  CHECK(contains(refused(R"({"type": "result", "frames": 3})"), "message.file is missing"));
  CHECK(contains(refused(R"({"type": "result", "frames": 3, "file": "f", "timings": 5})"), "message.timings is not an object"));
  CHECK(contains(refused(R"({"type": "result", "frames": 3, "file": "f", "audio": {"tracks": [5]}})"), "message.audio.tracks"));
  CHECK(contains(refused(R"({"type": "error"})"), "message.code is missing"));
  CHECK(contains(refused(R"({"type": "error", "code": "sad"})"), "message.code is not a known word: 'sad'"));
  CHECK(contains(refused(R"({"type": "log", "level": "loud"})"), "message.level"));
  CHECK(contains(refused(R"({"type": "progress", "captured": "many"})"), "message.captured"));
}

TEST_CASE("messages: every field a job needs is asked for", "[protocol]") {
  for (const std::string key : {"frames", "composition", "video", "output"}) {
    std::string text = to_json(Job{every_field()});
    const auto at = text.find("\"" + key + "\":");
    REQUIRE(at != std::string::npos);
    text[at + 1] = '_';
    CHECK(contains(refused(text), "message." + key + " is missing"));
  }
}

TEST_CASE("messages: unknown fields are ignored, absent ones keep their defaults", "[protocol]") {
  const auto parsed = parse_message(R"({"type": "hello", "protocol": 1, "later": {"deep": [1, 2]}})");
  REQUIRE(parsed.has_value());
  CHECK(std::get<Hello>(*parsed).heartbeat_limit == 0ms);
  const auto job = parse_message(R"({"type": "job", "composition": "c", "output": "o", "frames": {}, "video": {}})");
  REQUIRE(job.has_value());
  const VideoOptions video = std::get<Job>(*job).job.video;
  CHECK(video.width == 1920);
  CHECK(video.height == 1080);
  CHECK(video.fps == Rational{30, 1});
}

TEST_CASE("messages: what goes with files keeps every field", "[protocol]") {
  const std::string sum(64, 'a');
  const Job job = round_trip(Job{.job = every_field(), .files_from_host = true, .return_file = true});
  CHECK((job.files_from_host && job.return_file && job.job.render == "0123456789abcdef"));
  const Done done = round_trip(Done{{.file = "x", .frames = 2}, FileDigest{123, sum}});
  CHECK(done.file == FileDigest{123, sum});
  CHECK_FALSE(round_trip(Done{{.file = "x", .frames = 2}}).file.has_value());
  const FileRequest request = round_trip(FileRequest{.id = 4, .path = "/a%20b", .known = sum});
  CHECK((request.id == 4 && request.path == "/a%20b" && request.known == sum));
  const FileDigest nine{9, sum};
  for (const FileStatus status : {FileStatus::found, FileStatus::unchanged, FileStatus::missing, FileStatus::unreadable}) {
    const FileAnswer answer = round_trip(FileAnswer{.id = 4, .status = status, .digest = nine, .extension = ".js"});
    CHECK(answer.status == status);
    CHECK(answer.digest.bytes == (status == FileStatus::found ? 9 : 0));
  }
}

TEST_CASE("messages: a file that is announced without its length or sum is refused, and data is no message", "[protocol]") {
  CHECK(contains(refused(R"({"type":"file","id":1,"status":"found","sha256":"a"})"), "bytes is missing"));
  CHECK(contains(refused(R"({"type":"file","id":1,"status":"found","bytes":1})"), "sha256 is missing"));
  CHECK(contains(refused(R"({"type":"file","id":1,"status":"found","bytes":-1,"sha256":"a"})"), "negative"));
  CHECK(contains(refused(R"({"type":"file","id":1,"status":"lost"})"), "status"));
  CHECK(contains(refused(R"({"type":"result","file":"x","frames":1,"sha256":"a"})"), "bytes is missing"));
  CHECK(contains(refused(R"({"type":"data"})"), "frames of its own"));
}
