#include "orchestrator/summary.hpp"

#include "base/text_tail.hpp"
#include "orchestrator/error_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>

namespace orchestrator::tool {

namespace json = boost::json;

namespace {

json::array json_of(const std::map<int, ChunkReport>& chunks) {
  json::array array;
  for (const auto& [id, chunk] : chunks) {
    array.push_back(json::object{{"id", id},
                                 {"start_frame", chunk.start_frame},
                                 {"frame_count", chunk.frame_count},
                                 {"attempts", chunk.attempts},
                                 {"worker", chunk.result.worker},
                                 {"capture", chunk.result.capture},
                                 {"boot_ms", chunk.result.timings.boot.count()},
                                 {"capture_ms", chunk.result.timings.capture.count()},
                                 {"encode_ms", chunk.result.timings.encode.count()},
                                 {"unchanged_frames", chunk.result.unchanged_frames},
                                 {"cpu_ms", json::object{{"browser", chunk.result.cpu.browser.count() / 1000},
                                                         {"display", chunk.result.cpu.display.count() / 1000},
                                                         {"worker", chunk.result.cpu.worker.count() / 1000},
                                                         {"encoder", chunk.result.cpu.encoder.count() / 1000}}}});
  }
  return array;
}

/// The capture mode of the first chunk that has one; null if none has.
json::value capture_of(const std::map<int, ChunkReport>& chunks) {
  for (const auto& [id, chunk] : chunks) {
    if (!chunk.result.capture.empty()) return json::string(chunk.result.capture);
  }
  return nullptr;
}

}  // namespace

std::string to_string(Rational fps) {
  return fps.den == 1 ? std::to_string(fps.num) : std::to_string(fps.num) + "/" + std::to_string(fps.den);
}

namespace {

/// "out.mp4: 450 frames, 1920x1080 at 30 fps, "
std::string film_text(const RenderResult& result) {
  return result.output.string() + ": " + std::to_string(result.frames) + " frames, " + std::to_string(result.width) + "x" +
         std::to_string(result.height) + " at " + to_string(result.fps) + " fps, ";
}

}  // namespace

std::string summary_json(const RenderOptions& options, const Result<RenderResult>& result, const Ledger& ledger,
                         std::chrono::milliseconds wall) {
  json::object object{{"output", valid_utf8(options.output.string())},
                      {"frames", 0},
                      {"width", options.video.width},
                      {"height", options.video.height},
                      {"fps", to_string(options.video.fps)},
                      {"wall_ms", wall.count()},
                      {"capture", capture_of(ledger.chunks)},
                      {"workers", ledger.workers},
                      {"chunks", json_of(ledger.chunks)},
                      {"error", nullptr}};
  if (result) {
    object["frames"] = result->frames;
    object["workers"] = result->workers;
  } else {
    object["error"] = json_of(result.error());
  }
  return json::serialize(object);
}

std::string joined_text(const RenderResult& result) {
  char numbers[160];
  std::snprintf(numbers, sizeof numbers, "joined from %zu chunk%s in %.1f s", result.chunks.size(),
                result.chunks.size() == 1 ? "" : "s", static_cast<double>(result.wall.count()) / 1000);
  return film_text(result) + numbers;
}

std::string summary_text(const RenderResult& result) {
  const double seconds = static_cast<double>(result.wall.count()) / 1000;
  char numbers[160];
  std::snprintf(numbers, sizeof numbers, "rendered in %.1f s (%.1f frames a second) by %d worker%s", seconds,
                seconds > 0 ? static_cast<double>(result.frames) / seconds : 0, result.workers, result.workers == 1 ? "" : "s");
  return film_text(result) + numbers + ", capture: " + (result.chunks.empty() ? "none" : result.chunks.front().result.capture);
}

}  // namespace orchestrator::tool
