// How a page says in what way it is driven: by names on its window, or by names that its scripts declare.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// The contract with which a page of this script is loaded, or why it is not.
std::string contract_of(Studio& studio, const std::string& script, PageSettings settings = {}) {
  const auto loaded =
      studio.load(studio.file("page.html", "<body><script>" + script + "</script>"), {0, 4}, {}, std::move(settings));
  return loaded ? loaded->contract : loaded.error().message();
}

}  // namespace

TEST_CASE("contracts: const, let and class declare what a page is driven by, as the window's properties do", "[capture]") {
  const std::string body = "(frame) => { document.body.style.background = frame === 2 ? '#0f0' : '#000'; }";
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    for (const std::string way : {"window.renderFrame = ", "const renderFrame = ", "let renderFrame = "}) {
      CAPTURE(way);
      CHECK(contract_of(studio, way + body) == "renderFrame");
      const auto pictures = studio.pictures({2, 3, 2});
      CHECK(pictures[0] == pictures[2]);
      CHECK(pictures[0] != pictures[1]);
    }
    const std::string late = R"(const orchestratorReady = new Promise((ready) => setTimeout(() => {
        window.renderFrame = () => {};
        ready();
      }, 200));
      const orchestratorComposition = {frames: 3};)";
    CHECK(contains(contract_of(studio, late), "has 3 frames"));
  }
}

TEST_CASE("contracts: a page says which film it is, by a script or without one", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const auto said = [&studio](const std::string& head) {
    const auto loaded = studio.load(studio.file("page.html", "<!doctype html>" + head), {});
    INFO(error_of(loaded));
    REQUIRE(loaded.has_value());
    return *loaded;
  };
  const std::string meta = R"(<meta name="orchestrator" content="width=640, height=360,fps=30000/1001 ,duration=2.5">)";
  const DescribedComposition expected{.width = 640, .height = 360, .fps = {30'000, 1001}, .duration = {25, 10}};
  CHECK(said(meta).compositions.at(0) == expected);
  CHECK(said(meta).frames == 75);
  const std::string script = "<script>window.orchestratorComposition = {width: 64, fps: 30000 / 1001, frames: 9}</script>";
  CHECK(said(meta + script).compositions.at(0) == DescribedComposition{.width = 64, .fps = {30'000, 1001}, .frames = 9});
  CHECK(said("<script>const orchestratorComposition = {fps: 29.97, duration: '1/3'}</script>").compositions.at(0) ==
        DescribedComposition{.fps = {2997, 100}, .duration = {1, 3}});
  CHECK(said("<script>orchestratorComposition = {duration: 0.1 + 0.2, fps: 100 / 3}</script>").compositions.at(0) ==
        DescribedComposition{.fps = {33'333'333'333, 1'000'000'000}, .duration = {3, 10}});
  CHECK(said("<p>nothing").compositions.at(0) == DescribedComposition{});
  const std::string inside = "<iframe srcdoc=\"<meta name=orchestrator content='width=1,width=2'>\"></iframe>";
  CHECK(said(inside).compositions.at(0) == DescribedComposition{});
  CHECK_FALSE(said("<p>nothing").frames.has_value());
}

TEST_CASE("contracts: what a page says wrongly of its film is told by name", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::vector<std::pair<std::string, std::string>> rows{
      {"{frames: 0}", "window.orchestratorComposition.frames is 0; it must be a whole number above 0"},
      {"{width: 12.5}", "window.orchestratorComposition.width is 12.5"},
      {"{height: 'tall'}", "window.orchestratorComposition.height is tall"},
      {"{fps: -30}", "window.orchestratorComposition.fps is -30"},
      {"{fps: '30/0'}", "window.orchestratorComposition.fps is 30/0"},
      {"{duration: 1e-10}", "window.orchestratorComposition.duration is 1e-10"},
      {"{width: 3e9}", "window.orchestratorComposition.width is 3000000000"},
      {"{frames: '0x24'}", "window.orchestratorComposition.frames is 0x24"},
      {"{duration: 0}", "window.orchestratorComposition.duration is 0"},
      {"{stateful: 'very'}", "window.orchestratorComposition.stateful is very; it must be true or false"},
      {"{frames: 9, duration: 3}", "frames and window.orchestratorComposition.duration exclude each other"},
  };
  for (const auto& [composition, error] : rows) {
    CAPTURE(composition);
    CHECK(contains(contract_of(studio, "window.orchestratorComposition = " + composition), error));
  }
  const auto by_meta = [&studio](const std::string& content) {
    const auto loaded =
        studio.load(studio.file("page.html", "<!doctype html><meta name=orchestrator content='" + content + "'>"), {0, 4});
    return error_of(loaded);
  };
  CHECK(by_meta("widht=640") == "");
  CHECK(contains(studio.log(), "'widht' is not known; width, height, fps, frames, duration and stateful are"));
  CHECK(contains(by_meta("width=64=99"), "width is 64=99"));
  CHECK(contains(by_meta("width=64,width=99"), "width is there twice"));
  CHECK(contains(by_meta("width"), "width is ; it must be"));
  CHECK(contains(by_meta("duration=0.1"), "has 3 frames"));
}

TEST_CASE("contracts: a name that is there but of no use is told", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  CHECK(contract_of(studio, "const renderFrame = 'x'; orchestratorComposition = 10;") == "virtual clock");
  CHECK(contains(studio.log(), "window.renderFrame is no function"));
  CHECK(contains(studio.log(), "window.orchestratorComposition says nothing of the film"));
  CHECK(contains(contract_of(studio, "renderFrame = {};", {.strict = true}), "window.renderFrame is no function"));
}

TEST_CASE("contracts: of a stateful page a late start shows what the sequence does, whoever says that it is one", "[capture]") {
  // A walk that each call goes on by its frame's number, and a trail on a WebGL canvas that nothing clears.
  const std::string page = R"(<style>body { margin: 0; background: #000 } div { height: 20px; background: #fff }</style>
    <div></div><canvas width=320 height=40></canvas><script>
    const gl = document.querySelector('canvas').getContext('webgl', {preserveDrawingBuffer: true});
    gl.enable(gl.SCISSOR_TEST);
    let sum = 0;
    let step = 1;
    window.renderFrame = (frame) => {
      sum = (sum + frame * step) % 300;
      if (sum > 200) step += 1;
      document.querySelector('div').style.width = sum + 'px';
      gl.scissor(sum, 0, 2, 40);
      gl.clearColor(frame / 30, 1, 0, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
    };</script>)";
  const std::string by_script = "<script>window.orchestratorComposition = {stateful: true}</script>";
  const std::string by_meta = "<meta name=orchestrator content=stateful>";
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const auto filmed = [&](const std::string& head, FrameRange frames, const PageSettings& settings) {
      const auto loaded = studio.load(studio.file("page.html", "<!doctype html>" + head + page), frames, {}, settings);
      REQUIRE(error_of(loaded) == "");
      CHECK(loaded->traits.order == (head.empty() && !settings.stateful ? FrameOrder::any : FrameOrder::from_zero));
      std::vector<std::int64_t> numbers;
      for (std::int64_t frame = frames.first; frame < frames.last; ++frame) numbers.push_back(frame);
      return studio.pictures(numbers);
    };
    const auto sequence = filmed("", {0, 24}, {});
    CHECK(filmed("", {21, 24}, {})[0] != sequence[21]);  // or there is nothing to mend
    CHECK(filmed("", {21, 24}, {.stateful = true}) == std::vector(sequence.begin() + 21, sequence.end()));
    CHECK(filmed(by_script, {23, 24}, {})[0] == sequence[23]);
    CHECK(filmed(by_meta, {23, 24}, {})[0] == sequence[23]);
  }
}

TEST_CASE("contracts: a stateful page does not go back, and one that follows the clock needs no saying", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  CHECK(contract_of(studio, "window.renderFrame = () => {};", {.stateful = true}) == "renderFrame");
  studio.pictures({0, 3});
  const auto back = studio.take(1);
  REQUIRE_FALSE(back.has_value());
  CHECK(contains(back.error().message(), "the page is stateful: load it again to go back"));
  const auto order = [&studio](const std::string& page) {
    const auto loaded = studio.load(studio.file("page.html", "<!doctype html>" + page), {0, 4});
    REQUIRE(loaded.has_value());
    return loaded->traits.order;
  };
  const std::string script = "<script>window.renderFrame = () => {};</script>";
  CHECK(order("<meta name=orchestrator content='stateful=true'>" + script) == FrameOrder::from_zero);
  CHECK(order("<meta name=orchestrator content='stateful=false'>" + script) == FrameOrder::any);
  CHECK(order("<meta name=orchestrator content=stateful>") == FrameOrder::forward);
}
