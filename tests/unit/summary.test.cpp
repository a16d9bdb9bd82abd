#include "orchestrator/summary.hpp"
#include "support/contains.hpp"

#include <simdjson.h>

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

const RenderOptions shown{.composition = "s", .output = "out.mp4", .video = {.width = 640, .height = 360, .fps = {30'000, 1001}}};

RenderResult finished() {
  RenderResult result{.output = "out.mp4", .frames = 90, .width = 640, .height = 360, .fps = {30'000, 1001}, .workers = 2};
  result.wall = 3s;
  ChunkReport chunk{.id = 0, .start_frame = 10, .frame_count = 45, .attempts = 1};
  chunk.result.capture = "shm";
  chunk.result.worker = "host/1";
  chunk.result.unchanged_frames = 4;
  chunk.result.timings = {.boot = 1ms, .capture = 2ms, .encode = 3ms};
  chunk.result.cpu.encoder = 1500ms;
  result.chunks = {chunk, {.id = 1, .start_frame = 55, .frame_count = 45, .attempts = 1}};
  return result;
}

tool::Ledger ledger() {
  tool::Ledger known{.workers = 2};
  for (const ChunkReport& chunk : finished().chunks) known.chunks[chunk.id] = chunk;
  return known;
}

}  // namespace

TEST_CASE("summary: a success has every field, and no error", "[tool]") {
  simdjson::dom::parser parser;
  const simdjson::dom::element json = parser.parse(tool::summary_json(shown, finished(), ledger(), 3s));
  CHECK(std::string_view(json["output"]) == "out.mp4");
  CHECK(std::int64_t(json["frames"]) == 90);
  CHECK(std::int64_t(json["width"]) == 640);
  CHECK(std::int64_t(json["height"]) == 360);
  CHECK(std::string_view(json["fps"]) == "30000/1001");
  CHECK(std::int64_t(json["wall_ms"]) == 3000);
  CHECK(std::string_view(json["capture"]) == "shm");
  CHECK(std::int64_t(json["workers"]) == 2);
  CHECK(json["error"].is_null());
  CHECK(simdjson::dom::array(json["chunks"]).size() == 2);
  const auto chunk = json["chunks"].at(0);
  CHECK(std::int64_t(chunk["start_frame"]) == 10);
  CHECK(std::int64_t(chunk["frame_count"]) == 45);
  CHECK(std::int64_t(chunk["attempts"]) == 1);
  CHECK(std::string_view(chunk["worker"]) == "host/1");
  CHECK(std::int64_t(chunk["boot_ms"]) == 1);
  CHECK(std::int64_t(chunk["capture_ms"]) == 2);
  CHECK(std::int64_t(chunk["encode_ms"]) == 3);
  CHECK(std::int64_t(chunk["unchanged_frames"]) == 4);
  CHECK(std::int64_t(chunk["cpu_ms"]["encoder"]) == 1500);
}

TEST_CASE("summary: a failure has the same fields, and an error that says where", "[tool]") {
  const Error error{.code = Errc::page_error, .detail = "boom \"here\"", .stage = Stage::capture, .chunk = 1, .frame = 60};
  simdjson::dom::parser parser;
  const simdjson::dom::element json =
      parser.parse(tool::summary_json(shown, error, {.workers = 3, .chunks = {{1, finished().chunks[1]}}}, 1s));
  CHECK(std::int64_t(json["frames"]) == 0);
  CHECK(std::int64_t(json["wall_ms"]) == 1000);
  CHECK(json["capture"].is_null());
  CHECK(std::int64_t(json["workers"]) == 3);
  CHECK(simdjson::dom::array(json["chunks"]).size() == 1);
  CHECK(std::int64_t(json["chunks"].at(0)["id"]) == 1);
  CHECK(std::string_view(json["error"]["code"]) == "page_error");
  CHECK(std::string_view(json["error"]["message"]) == error.message());
  CHECK(std::int64_t(json["error"]["chunk"]) == 1);
  CHECK(std::int64_t(json["error"]["frame"]) == 60);
  CHECK(std::string_view(json["error"]["stage"]) == "capture");
}

TEST_CASE("summary: an error of no chunk says so", "[tool]") {
  simdjson::dom::parser parser;
  const simdjson::dom::element json = parser.parse(tool::summary_json({}, Error{.code = Errc::timed_out}, {}, 0s));
  CHECK(json["error"]["chunk"].is_null());
  CHECK(json["error"]["frame"].is_null());
}

TEST_CASE("summary: what the page or the file system named stays UTF-8", "[tool]") {
  simdjson::dom::parser parser;
  RenderOptions odd = shown;
  odd.output = "o\xff.mp4";
  const Error error{.code = Errc::page_error, .detail = "\xc3("};
  CHECK(parser.parse(tool::summary_json(odd, error, {}, 0s)).error() == simdjson::SUCCESS);
}

TEST_CASE("summary: one line for people", "[tool]") {
  const std::string text = tool::summary_text(finished());
  CHECK(contains(text, "out.mp4: 90 frames, 640x360 at 30000/1001 fps"));
  CHECK(contains(text, "3.0 s (30.0 frames a second) by 2 workers"));
  CHECK(contains(text, "shm"));
  CHECK_FALSE(contains(tool::summary_text({}), "inf"));
  CHECK_FALSE(contains(tool::summary_text({}), "nan"));
}

TEST_CASE("summary: whole frame rates are printed as such", "[tool]") {
  CHECK(tool::to_string({30, 1}) == "30");
  CHECK(tool::to_string({30'000, 1001}) == "30000/1001");
}
