// The pure parts of `orchestrator verify`.
#include "orchestrator/verify_summary.hpp"
#include "support/contains.hpp"
#include "verify/picture.hpp"
#include "verify/sampling.hpp"
#include "verify/verify_report.hpp"

#include <simdjson.h>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

using Frames = std::vector<std::int64_t>;

/// 4 x 3 pixels of one grey.
Picture grey(char level) { return {.width = 4, .height = 3, .bgr0 = std::string(4 * 4 * 3, level)}; }

std::size_t offset(int x, int y, int colour) { return static_cast<std::size_t>(16 * y + 4 * x + colour); }

VerifyPass pass(bool fresh, bool loaded, std::int64_t different) {
  VerifyPass result{.fresh = fresh, .loaded = loaded, .capture = "shm", .compared = 60, .different = different};
  if (different > 0) result.first_different = 24;
  return result;
}

VerifyReport report(std::vector<VerifyPass> passes) {
  VerifyReport result{.contract = "renderFrame", .frames = {0, 60}, .samples = {0, 24, 59}, .passes = std::move(passes)};
  for (std::size_t i = 0; i < result.passes.size(); ++i) {
    if (result.passes[i].different == 0 || result.difference) continue;
    result.difference = FirstDifference{.frame = 24, .pass = i, .difference = {200, 17, {10, 20, 60, 30}}};
    result.difference->reference = "k/reference.png";
    result.difference->other = "k/other.png";
    result.difference->where = "k/difference.png";
  }
  return result;
}

}  // namespace

TEST_CASE("verify: samples are the first frame, the last, and others between", "[verify]") {
  CHECK(choose_samples({0, 60}, 0).empty());
  CHECK(choose_samples({5, 5}, 8).empty());
  CHECK(choose_samples({7, 60}, 1) == Frames{59});
  CHECK(choose_samples({7, 60}, 2) == Frames{7, 59});
  CHECK(choose_samples({10, 13}, 8) == Frames{10, 11, 12});
  CHECK(choose_samples({0, 11}, 3) == Frames{0, 5, 10});
  CHECK(choose_samples({0, 60}, 8) == Frames{0, 8, 15, 25, 32, 42, 49, 59});
}

TEST_CASE("verify: samples ascend, stay inside and have even and odd frames, whatever is asked for", "[verify]") {
  for (const std::int64_t length : {1, 2, 3, 9, 10, 100, 101, 12'345}) {
    for (const int count : {1, 2, 3, 5, 8, 21, 100}) {
      CAPTURE(length, count);
      const Frames samples = choose_samples({1'000, 1'000 + length}, count);
      REQUIRE(samples.size() == static_cast<std::size_t>(std::min<std::int64_t>(count, length)));
      if (count > 1) CHECK(samples.front() == 1'000);
      CHECK(samples.back() == 999 + length);
      CHECK(std::adjacent_find(samples.begin(), samples.end(), std::greater_equal<>()) == samples.end());
      const auto odd = std::count_if(samples.begin(), samples.end(), [](std::int64_t frame) { return frame % 2 != 0; });
      if (count >= 5 && length > 2) {
        CHECK(odd > 0);
        CHECK(odd < static_cast<std::ptrdiff_t>(samples.size()));
      }
    }
  }
}

TEST_CASE("verify: equal pictures differ in nothing, whatever the byte without meaning says", "[verify]") {
  Picture other = grey('\x80');
  other.bgr0[offset(2, 1, 3)] = '\x11';
  CHECK(compare(grey('\x80'), other) == PictureDifference{});
  CHECK(difference_picture(grey('\x80'), other).bgr0 == grey('\0').bgr0);
}

TEST_CASE("verify: a difference has its pixels, its largest level and its box", "[verify]") {
  Picture other = grey('\x80');
  other.bgr0[offset(1, 0, 0)] = '\x7e';  // 2 less
  other.bgr0[offset(3, 2, 1)] = '\x84';  // 4 more
  other.bgr0[offset(3, 2, 2)] = '\x81';
  CHECK(compare(grey('\x80'), other) == PictureDifference{2, 4, {1, 0, 4, 3}});
  CHECK(compare(other, grey('\x80')) == PictureDifference{2, 4, {1, 0, 4, 3}});
  CHECK(compare(grey('\0'), grey('\xff')) == PictureDifference{12, 255, {0, 0, 4, 3}});
}

TEST_CASE("verify: the picture of a difference is stretched to full brightness", "[verify]") {
  Picture other = grey('\x80');
  other.bgr0[offset(1, 0, 0)] = '\x7e';
  other.bgr0[offset(3, 2, 1)] = '\x84';
  Picture expected = grey('\0');
  expected.bgr0[offset(1, 0, 0)] = '\x7f';
  expected.bgr0[offset(3, 2, 1)] = '\xff';
  CHECK(difference_picture(grey('\x80'), other).bgr0 == expected.bgr0);
}

TEST_CASE("verify: passes have names", "[verify]") {
  CHECK(to_string(VerifyPass{}) == "in sequence");
  CHECK(to_string(VerifyPass{.fresh = true}) == "fresh");
  CHECK(to_string(VerifyPass{.fresh = true, .loaded = true}) == "fresh, under load");
  CHECK(to_string(VerifyPass{.other_backend = true, .capture = "beginframe (no Xvfb)"}) == "in sequence, by beginframe");
}

TEST_CASE("verify: which passes differ says what the cause may be", "[verify]") {
  const auto cause = [](std::int64_t fresh, std::int64_t sequence_loaded, std::int64_t fresh_loaded, std::int64_t backend) {
    std::vector<VerifyPass> passes{pass(false, false, 0), pass(true, false, fresh), pass(false, true, sequence_loaded),
                                   pass(true, true, fresh_loaded), pass(false, false, backend)};
    passes.back().other_backend = true;
    return std::string(likely_cause(report(std::move(passes))));
  };
  VerifyReport clock = report({pass(false, false, 0), pass(true, false, 3)});
  clock.contract = "virtual clock";
  clock.order = FrameOrder::forward;
  CHECK_THAT(std::string(likely_cause(clock)), Catch::Contains("earlier frames") && !Catch::Contains("renderFrame"));
  CHECK(cause(0, 0, 0, 0) == "");
  CHECK_THAT(cause(3, 0, 3, 0), Catch::Contains("the page keeps something"));
  CHECK_THAT(cause(3, 5, 3, 0), Catch::Contains("random numbers"));
  CHECK_THAT(cause(0, 1, 0, 0), Catch::Contains("Only a busy machine"));
  CHECK_THAT(cause(0, 0, 1, 0), Catch::Contains("Only a busy machine"));
  CHECK_THAT(cause(0, 0, 0, 1), Catch::Contains("backends do not agree"));
}

TEST_CASE("verify: the summary of sameness is one line", "[verify]") {
  const std::string text = tool::verify_text("scene", report({pass(false, false, 0), pass(true, false, 0)}));
  CHECK(text == "scene: the same in 2 passes, 60 frames, 3 samples from fresh browsers, capture: shm");
}

TEST_CASE("verify: the summary of a difference names frame, pass, extent, pictures and cause", "[verify]") {
  VerifyReport differs = report({pass(false, false, 0), pass(true, false, 2)});
  differs.difference->reference_is_steady = false;
  const std::string text = tool::verify_text("scene", differs);
  for (const char* part : {"scene: DIFFERS in frame 24 (fresh)", "200 pixels by up to 17 of 255, within 10,20 to 60,30",
                           "in sequence: k/reference.png", "fresh: k/other.png", "difference: k/difference.png", "second time",
                           "the page keeps something", "page-contracts.md"}) {
    CHECK_THAT(text, Catch::Contains(part));
  }
}

TEST_CASE("verify: a pass that ended is told in a line", "[verify]") {
  CHECK(tool::pass_text(pass(false, true, 0)) == "in sequence, under load: 60 frames, shm");
  CHECK(tool::pass_text(pass(true, false, 2)) == "fresh: 2 of 60 frames differ, the first is frame 24");
  CHECK(tool::pass_text({.other_backend = true, .capture = "shm", .skipped = "Xvfb is not installed"}) ==
        "in sequence, by shm: passed over, Xvfb is not installed");
}

TEST_CASE("verify: --json has every field, after sameness, a difference and an error", "[verify]") {
  simdjson::dom::parser parser;
  simdjson::dom::element json = parser.parse(tool::verify_json("scene", report({pass(false, false, 0)}), 3s));
  CHECK(std::string_view(json["verdict"]) == "same");
  CHECK(std::int64_t(json["frames"]["last"]) == 60);
  CHECK(json["samples"].get_array().size() == 3);
  CHECK(std::string_view(json["passes"].at(0)["name"]) == "in sequence");
  CHECK(json["passes"].at(0)["skipped"].is_null());
  CHECK(json["difference"].is_null());
  CHECK(json["error"].is_null());
  CHECK(std::int64_t(json["wall_ms"]) == 3000);

  json = parser.parse(tool::verify_json("scene", report({pass(false, false, 0), pass(true, true, 2)}), 3s));
  CHECK(std::string_view(json["verdict"]) == "differs");
  CHECK(std::int64_t(json["passes"].at(1)["first_different"]) == 24);
  CHECK(std::string_view(json["difference"]["pass"]) == "fresh, under load");
  CHECK(std::int64_t(json["difference"]["box"]["right"]) == 60);
  CHECK(std::string_view(json["difference"]["other"]) == "k/other.png");

  json = parser.parse(tool::verify_json("scene", Error{.code = Errc::page_error, .detail = "broken"}, 3s));
  CHECK(json["verdict"].is_null());
  CHECK(json["passes"].get_array().size() == 0);
  CHECK(std::string_view(json["error"]["code"]) == "page_error");
}
