#include "support/contains.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// Every field differs from its default.
RenderOptions every_option() {
  using namespace std::chrono_literals;
  AudioTrack track{.source = "a \"b\".ogg", .volume = 0.1, .offset = -1.5, .seek = 0.25, .duration = 3.0, .fade_in = 1};
  track.fade_out = 2;
  track.loop = true;
  track.playback_rate = 1.25;
  return {.composition = "https://example.com/?a=ä",
          .output = "out/final cut.mp4",
          .video = {.width = 1280,
                    .height = 720,
                    .fps = {30'000, 1001},
                    .codec = "libx264",
                    .preset = "fast",
                    .crf = 0,
                    .pixel_format = "yuv444p"},
          .frames = {30, 630},
          .audio = {.tracks = {track, {.source = "b.wav"}}, .bitrate_kbps = 96, .always = true},
          .chunking = {.chunks = 3, .workers = 2},
          .timeouts = {.load = 1s, .frame = 2s, .total = 3s},
          .props = R"({"title": "a\nb"})",
          .page = {.timezone = "Asia/Tokyo", .locale = "ja-JP", .strict = true, .stateful = true, .style_sheets = {"/a.css"}},
          .capture = CaptureMode::beginframe,
          .work_dir = "/var/tmp/work",
          .overwrite = true};
}

std::string small_plan() {
  return to_json(
      *RenderOrchestrator::plan({.composition = "s.html", .output = "o.mp4", .frames = {0, 90}, .chunking = {.chunks = 2}}));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("plan as JSON: reads back to the same plan, to the letter", "[plan]") {
  const std::string text = to_json(*RenderOrchestrator::plan(every_option(), {.slots = 4}));
  const auto plan = plan_from_json(text);
  INFO((plan ? "" : plan.error().detail));
  REQUIRE(plan.has_value());
  CHECK(to_json(*plan) == text);
  CHECK(plan->options->audio.tracks.at(0).duration == 3.0);
  CHECK_FALSE(plan->options->audio.tracks.at(1).duration.has_value());
  CHECK(plan->options->video.fps == Rational{30'000, 1001});
  CHECK(plan->options->capture == CaptureMode::beginframe);
  CHECK(plan->chunks.at(2).options == plan->options);
}

TEST_CASE("plan as JSON: a plan by duration reads back, too", "[plan]") {
  const std::string text =
      to_json(*RenderOrchestrator::plan({.composition = "s", .output = "o.mp4", .frames = RenderRange::seconds({7, 2})}));
  const auto plan = plan_from_json(text);
  REQUIRE(plan.has_value());
  CHECK(plan->total_frames == 105);
  CHECK(to_json(*plan) == text);
}

TEST_CASE("plan as JSON: logins are left out, and have to be put back", "[plan]") {
  RenderOptions options{.composition = "https://ann:s3cret@example.com/film", .output = "o.mp4", .frames = {0, 30}};
  options.audio.tracks = {{.source = "http://bob:pa55@example.com/a.wav"}, {.source = "b@c.wav"}};
  std::string text = to_json(*RenderOrchestrator::plan(options));
  for (const char* secret : {"ann", "s3cret", "bob", "pa55"}) CHECK_FALSE(contains(text, secret));
  CHECK(contains(plan_from_json(text).error().detail, "plan.options.composition needs a login"));
  text = replaced(text, "https://***@", "https://ann:s3cret@");
  CHECK(contains(plan_from_json(text).error().detail, "plan.options.audio.tracks needs a login"));
  text = replaced(text, "***", "bob:pa55");
  CHECK(contains(plan_from_json(text).error().detail, "plan.mix_options.tracks needs a login"));
  const auto plan = plan_from_json(replaced(text, "***", "bob:pa55"));
  REQUIRE(plan.has_value());
  CHECK(plan->options->composition == options.composition);
  CHECK(plan->mix_options.tracks.at(0).source == options.audio.tracks.at(0).source);
}

TEST_CASE("plan as JSON: a broken plan is refused, the field named", "[plan]") {
  struct Row {
    const char* from;
    const char* to;
    const char* named;
  };
  const std::vector<Row> rows{
      {"{\"schema\":1", "{\"schema\":2", "plan.schema"},
      {"{\"schema\":1,", "{", "plan.schema"},
      {"\"total_frames\":90", "\"total_frames\":91", "plan.total_frames"},
      {"\"total_frames\":90", "\"total_frames\":\"90\"", "plan.total_frames"},
      {"\"workers\":1", "\"workers\":0", "plan.workers"},
      {"\"workers\":1", "\"workers\":3000000000", "plan.workers"},
      {"\"options\":{", "\"options\":[{", "plan"},
      {"\"options\":{", "\"other\":{", "plan.options"},
      {"\"width\":1920", "\"width\":1921", "video.width"},
      {"\"composition\":\"s.html\"", "\"composition\":7", "plan.options.composition"},
      {"\"capture\":\"auto\"", "\"capture\":\"fast\"", "plan.options.capture"},
      {"\"chunks\":[", "\"parts\":[", "plan.chunks"},
      {"\"id\":1", "\"id\":2", "plan.chunks[1].id"},
      {"\"start_frame\":45", "\"start_frame\":44", "plan.chunks[1].start_frame"},
      {"\"start_frame\":0", "\"start_frame\":1", "plan.chunks[0].start_frame"},
      {"\"frame_count\":45", "\"frame_count\":0", "plan.chunks[0].frame_count"},
      {"\"frame_count\":45", "\"frame_count\":9223372036854775807", "plan.chunks[0].frame_count"},
      {"\"start_frame\":45,\"frame_count\":45", "\"start_frame\":45,\"frame_count\":44", "plan.chunks"},
      {"\"output_file\":\"chunk-1.mp4\"", "\"output_file\":\"../chunk-1.mp4\"", "plan.chunks[1].output_file"},
      {"\"output_file\":\"chunk-1.mp4\"", "\"output_file\":\"\"", "plan.chunks[1].output_file"},
      {"\"concat_manifest\":[\"chunk-0.mp4\",\"chunk-1.mp4\"]", "\"concat_manifest\":[\"chunk-1.mp4\",\"chunk-0.mp4\"]",
       "plan.concat_manifest[0]"},
      {"\"concat_manifest\":[\"chunk-0.mp4\",", "\"concat_manifest\":[\"chunk-0.mp4\",\"x.mp4\",", "plan.concat_manifest[1]"},
      {"\"concat_manifest\":[\"chunk-0.mp4\",\"chunk-1.mp4\"]", "\"concat_manifest\":[\"chunk-0.mp4\",\"chunk-1.mp4\",\"x\"]",
       "plan.concat_manifest"},
      {"\"concat_manifest\":[\"chunk-0.mp4\",\"chunk-1.mp4\"]", "\"concat_manifest\":[\"chunk-0.mp4\"]", "plan.concat_manifest"},
      {"\"concat_manifest\":[", "\"concat_manifest\":[1,", "plan.concat_manifest"},
      {"\"concat_output_file\":\"final.mp4\"", "\"concat_output_file\":\"../final.mp4\"", "plan.concat_output_file"},
      {"\"concat_output_file\":\"final.mp4\"", "\"concat_output_file\":\"..\"", "plan.concat_output_file"},
      {"\"concat_output_file\":\"final.mp4\"", "\"concat_output_file\":\"chunk-0.mp4\"", "plan.concat_output_file"},
      {"\"final_output_file\":\"o.mp4\"", "\"final_output_file\":\"p.mp4\"", "plan.final_output_file"},
      {"\"mix_options\":{\"tracks\":[],\"bitrate_kbps\":192", "\"mix_options\":{\"tracks\":[],\"bitrate_kbps\":96",
       "plan.mix_options"},
      {"\"audio\":{\"tracks\":[],\"bitrate_kbps\":192", "\"audio\":{\"tracks\":[],\"bitrate_kbps\":96", "plan.mix_options"},
      {"\"chunking\":{\"chunks\":2", "\"chunking\":{\"chunks\":7", "plan.options.chunking"},
      {"\"chunks\":2,\"frames_per_chunk\":0", "\"chunks\":0,\"frames_per_chunk\":60", "plan.chunks[0].frame_count"},
      {"\"frames_per_chunk\":0,\"workers\":0", "\"frames_per_chunk\":0,\"workers\":2", "plan.workers"},
      {"\"cleanup_files\":[", "\"cleanup_files\":[\"/etc/passwd\",", "plan.cleanup_files"},
      {"\"cleanup_files\":[", "\"other\":[", "plan.cleanup_files"},
  };
  for (const Row& row : rows) {
    const auto plan = plan_from_json(replaced(small_plan(), row.from, row.to));
    CAPTURE(row.from, row.to);
    REQUIRE_FALSE(plan.has_value());
    CHECK(plan.error().code == Errc::invalid_options);
    INFO(plan.error().detail);
    CHECK(contains(plan.error().detail, row.named));
  }
}

TEST_CASE("plan as JSON: sound that is only in one of its two places is refused", "[plan]") {
  RenderOptions options{.composition = "s.html", .output = "o.mp4", .frames = {0, 30}};
  options.audio.tracks = {{.source = "a.wav"}};
  const std::string text = to_json(*RenderOrchestrator::plan(options));
  for (const char* lost : {"\"mix_options\"", "\"audio\""}) {
    CAPTURE(lost);
    CHECK(contains(plan_from_json(replaced(text, lost, "\"other\"")).error().detail, "plan.mix_options"));
  }
}

TEST_CASE("plan as JSON: what the options leave open may be changed in the plan", "[plan]") {
  std::string text = replaced(small_plan(), "\"chunking\":{\"chunks\":2", "\"chunking\":{\"chunks\":0");
  text = replaced(text, "\"workers\":1", "\"workers\":2");
  const auto plan = plan_from_json(text);
  REQUIRE(plan.has_value());
  CHECK(plan->workers == 2);
}

TEST_CASE("plan as JSON: two chunks may not write the same file", "[plan]") {
  std::string text = replaced(small_plan(), "\"output_file\":\"chunk-1.mp4\"", "\"output_file\":\"chunk-0.mp4\"");
  text = replaced(text, "[\"chunk-0.mp4\",\"chunk-1.mp4\"]", "[\"chunk-0.mp4\",\"chunk-0.mp4\"]");
  const auto plan = plan_from_json(text);
  REQUIRE_FALSE(plan.has_value());
  CHECK(contains(plan.error().detail, "plan.chunks[1].output_file"));
}

TEST_CASE("plan as JSON: what is not JSON is refused with a reason", "[plan]") {
  const std::string whole = small_plan();
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    REQUIRE_FALSE(plan_from_json(std::string_view(whole).substr(0, size)).has_value());
  }
  CHECK(contains(plan_from_json("[]").error().detail, "plan is not a JSON object"));
}

TEST_CASE("plan as JSON: fields of a later version are ignored", "[plan]") {
  CHECK(plan_from_json(replaced(small_plan(), "{\"schema\":1", "{\"note\":{\"a\":[1]},\"schema\":1")).has_value());
}
