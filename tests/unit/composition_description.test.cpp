#include <orchestrator/composition_description.hpp>

#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

RenderOptions open_options() { return {.composition = "scene.html", .output = "out.mp4"}; }

CompositionDescription description_of(DescribedComposition composition) { return {.compositions = {std::move(composition)}}; }

std::string refusal(const RenderOptions& options, const CompositionDescription& description) {
  const auto filled = fill_in(options, description);
  REQUIRE_FALSE(filled.has_value());
  CHECK(filled.error().code == Errc::invalid_options);
  return filled.error().detail;
}

}  // namespace

TEST_CASE("description: what the options leave open is the composition's", "[plan]") {
  CHECK(needs_description(open_options()));
  const auto filled = fill_in(open_options(), description_of({.width = 640, .height = 360, .fps = {30'000, 1001}, .frames = 90}));
  REQUIRE(filled.has_value());
  CHECK(filled->video.width == 640);
  CHECK(filled->video.height == 360);
  CHECK(filled->video.fps == Rational{30'000, 1001});
  CHECK(filled->frame_range() == FrameRange{0, 90});
  CHECK_FALSE(needs_description(*filled));
}

TEST_CASE("description: what the options say wins", "[plan]") {
  RenderOptions options = open_options();
  options.video.width = 320;
  options.video.fps = {50, 1};
  options.frames = {10, 20};
  CHECK(needs_description(options));  // the height
  const auto filled = fill_in(options, description_of({.width = 640, .height = 360, .fps = {25, 1}, .frames = 90}));
  REQUIRE(filled.has_value());
  CHECK(filled->video.width == 320);
  CHECK(filled->video.height == 360);
  CHECK(filled->video.fps == Rational{50, 1});
  CHECK(filled->frame_range() == FrameRange{10, 20});
}

TEST_CASE("description: a length in seconds is that many frames at the rate of the film", "[plan]") {
  RenderOptions options = open_options();
  const DescribedComposition composition{.fps = {25, 1}, .duration = {5, 2}};
  CHECK(fill_in(options, description_of(composition))->frame_range() == FrameRange{0, 63});  // 62.5
  options.video.fps = {50, 1};
  CHECK(fill_in(options, description_of(composition))->frame_range() == FrameRange{0, 125});
}

TEST_CASE("description: at another rate than its own, a page that follows the clock lasts as long, another has as many frames",
          "[plan]") {
  RenderOptions options = open_options();
  options.video.fps = {60, 1};
  CompositionDescription description = description_of({.fps = {30'000, 1001}, .frames = 30});
  CHECK(fill_in(options, description)->frame_range() == FrameRange{0, 30});
  description.traits.order = FrameOrder::forward;
  CHECK(fill_in(options, description)->frame_range() == FrameRange{0, 60});  // 1.001 s
  options.video.fps = {30'000, 1001};
  CHECK(fill_in(options, description)->frame_range() == FrameRange{0, 30});
}

TEST_CASE("description: what nobody says has the defaults, but for the frames", "[plan]") {
  CHECK(contains(refusal(open_options(), description_of({})), "frames: the composition does not say how long it is"));
  RenderOptions options = open_options();
  options.frames = {0, 10};
  const auto filled = fill_in(options, description_of({}));
  REQUIRE(filled.has_value());
  CHECK(filled->video.width == 1920);
  CHECK(filled->video.height == 1080);
  CHECK(filled->video.fps == Rational{30, 1});
}

TEST_CASE("description: what a page gives is checked as what a user gives", "[plan]") {
  CHECK(contains(refusal(open_options(), description_of({.width = 641, .frames = 9})),
                 "with what the composition says, video.width is 641"));
  CHECK(contains(refusal(open_options(), description_of({.fps = {5000, 1}, .frames = 9})), "video.fps"));
  RenderOptions cut = open_options();
  cut.chunking.chunks = 10;
  CHECK(contains(refusal(cut, description_of({.frames = 9})), "chunking.chunks is 10"));
  CHECK(contains(refusal(open_options(), {}), "the page has no composition"));
}

TEST_CASE("description: of several compositions one has to be chosen, and the error names them", "[plan]") {
  CompositionDescription description;
  for (const char* id : {"Intro", "Outro"}) description.compositions.push_back({.id = id, .frames = 9});
  CHECK(contains(refusal(open_options(), description),
                 "composition_id: the page has 2 compositions: say which one is rendered (Intro, Outro)"));
  while (description.compositions.size() < 60) description.compositions.push_back({.id = "x", .frames = 9});
  CHECK(contains(refusal(open_options(), description), ", x and 10 more)"));
}

TEST_CASE("description: chunks get the chosen composition and what it was found to be, which is asked once", "[plan]") {
  RenderOptions options = open_options();
  options.video = with_defaults({});
  options.frames = {0, 9};
  CHECK_FALSE(needs_description(options));
  options.composition_id = "Intro";
  CHECK(needs_description(options));
  const auto filled = fill_in(options, description_of({.id = "Intro", .frames = 9, .described = "{}"}));
  REQUIRE(filled.has_value());
  CHECK(filled->composition_id == "Intro");
  CHECK(filled->described == "{}");
  CHECK_FALSE(needs_description(*filled));
}

TEST_CASE("description: a composition with an error is not rendered", "[plan]") {
  const auto filled = fill_in(open_options(), description_of({.id = "Intro", .error = "no data"}));
  REQUIRE_FALSE(filled.has_value());
  CHECK(filled.error().code == Errc::page_error);
  CHECK(filled.error().detail == "composition 'Intro': no data");
}
