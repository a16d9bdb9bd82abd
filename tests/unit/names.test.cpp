#include <orchestrator/error.hpp>
#include <orchestrator/progress.hpp>
#include <orchestrator/render_options.hpp>

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace orchestrator;

namespace {

constexpr int error_codes = static_cast<int>(Errc::internal) + 1;
constexpr int stages = static_cast<int>(Stage::assemble) + 1;
constexpr int capture_modes = static_cast<int>(CaptureMode::screenshot) + 1;

}  // namespace

TEST_CASE("names: every error code has a name of its own and reads back", "[names]") {
  std::set<std::string> names;
  for (int i = 0; i < error_codes; ++i) {
    const auto code = static_cast<Errc>(i);
    names.emplace(to_string(code));
    CHECK(errc_from_string(to_string(code)) == code);
  }
  CHECK(names.size() == static_cast<std::size_t>(error_codes));
}

TEST_CASE("names: every stage has a name of its own and reads back", "[names]") {
  std::set<std::string> names;
  for (int i = 0; i < stages; ++i) {
    names.emplace(to_string(static_cast<Stage>(i)));
    CHECK(stage_from_string(to_string(static_cast<Stage>(i))) == static_cast<Stage>(i));
  }
  CHECK(names.size() == static_cast<std::size_t>(stages));
}

TEST_CASE("names: every capture mode has a name of its own and reads back", "[names]") {
  std::set<std::string> names;
  for (int i = 0; i < capture_modes; ++i) {
    names.emplace(to_string(static_cast<CaptureMode>(i)));
    CHECK(capture_mode_from_string(to_string(static_cast<CaptureMode>(i))) == static_cast<CaptureMode>(i));
  }
  CHECK(names.size() == static_cast<std::size_t>(capture_modes));
}

TEST_CASE("names: every stage of a render has a name of its own", "[names]") {
  const std::set<std::string_view> names{to_string(RenderPhase::starting), to_string(RenderPhase::rendering),
                                         to_string(RenderPhase::assembling), to_string(RenderPhase::done)};
  CHECK(names.size() == 4);
}

TEST_CASE("names: unknown words read as nothing", "[names]") {
  for (const char* word : {"", "INTERNAL", "page-error", "page_error ", "0"}) {
    CHECK_FALSE(errc_from_string(word).has_value());
    CHECK_FALSE(stage_from_string(word).has_value());
    CHECK_FALSE(capture_mode_from_string(word).has_value());
  }
}

TEST_CASE("error: its message tells the whole story", "[names]") {
  Error error{.code = Errc::page_error, .detail = "boom at scene.js:3", .stage = Stage::capture, .chunk = 2, .frame = 61};
  error.worker = "host/17";
  error.output_tail = "last words";
  CHECK(error.message() == "chunk 2, frame 61, capture: boom at scene.js:3 [host/17]\nlast words");
  CHECK(Error{.code = Errc::encoder_failed, .stage = Stage::encode}.message() == "encode: encoder_failed");
  const Error told_twice{.code = Errc::audio_failed, .detail = "x: no file", .stage = Stage::audio, .output_tail = "no file\n"};
  CHECK(told_twice.message() == "audio: x: no file");
  CHECK(Error{.code = Errc::invalid_options, .detail = "video.width is 0"}.message() == "video.width is 0");
}

TEST_CASE("error: a result without a value throws it when asked for one", "[names]") {
  const Result<int> result = Error{.code = Errc::timed_out, .detail = "too late"};
  try {
    static_cast<void>(result.value());
    FAIL("nothing was thrown");
  } catch (const RenderException& thrown) {
    CHECK(thrown.error().code == Errc::timed_out);
    CHECK(std::string(thrown.what()) == thrown.error().message());
  }
}

TEST_CASE("error: what the composition or the options caused is not tried again", "[names]") {
  CHECK(is_retryable(Errc::executor_unavailable));
  CHECK(is_retryable(Errc::browser_crashed));
  CHECK_FALSE(is_retryable(Errc::page_error));
  CHECK_FALSE(is_retryable(Errc::invalid_options));
  CHECK_FALSE(is_retryable(Errc::cancelled));
}
