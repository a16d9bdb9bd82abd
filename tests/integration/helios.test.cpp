// Pages made with Helios's core (tests/helios_project), against what their own formulas say of each frame.
#include "support/contains.hpp"
#include "support/film.hpp"
#include "support/sandbox.hpp"

#include <boost/json/array.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <iostream>

using namespace orchestrator::test;

namespace {

constexpr std::size_t width = 320;
constexpr std::size_t height = 180;
const std::string green = R"json({"color": "rgb(10, 200, 30)"})json";
const Arguments small{"--width", "320", "--height", "180"};
const Arguments whole{"--width", "320", "--height", "180", "--fps", "30", "--frames", "0:24"};

std::string made(const std::string& name) { return std::string(ORCHESTRATOR_HELIOS) + "/site/" + name + ".html"; }

bool have_pages() {
  const bool are_made = std::filesystem::exists(std::string(ORCHESTRATOR_HELIOS) + "/installed");
  if (!are_made) std::cout << "skipped: there are no pages made with Helios; the test \"install Helios\" says why\n";
  return are_made;
}

Arguments joined(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// Renders without loss; nothing but what `more` says is given.
ToolEnd film_of(Sandbox& sandbox, const std::string& composition, const Arguments& more) {
  return sandbox.run(joined({"render", composition, "-o", sandbox.film().string(), "--overwrite", "--crf", "0", "--preset",
                             "ultrafast", "--pixel-format", "rgb24"},
                            more));
}

/// The film, which must come to be.
DecodedFilm decoded(const std::string& name, const Arguments& more = {}, std::size_t pixels = width * height) {
  CAPTURE(name);
  Sandbox sandbox;
  const ToolEnd end = film_of(sandbox, made(name), more);
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(sandbox.remains() == "");
  return decode_film(sandbox.film(), "rgb24", 3 * pixels);
}

/// How many pixels are blue from the left edge on, in the middle of the page's bar.
std::size_t bar(const DecodedFilm& film, std::size_t frame, std::size_t number) {
  std::size_t length = 0;
  const std::size_t row = (20 * number + 10) * width;
  while (length < width && film.rgb(frame, row + length) == std::array<int, 3>{0, 0, 255}) ++length;
  return length;
}

/// The frame of film.mp4 that is shown below so many bars: frame n has the luma 16 + 4n, of 219 steps from black to white.
long source_frame(const DecodedFilm& film, std::size_t frame, std::size_t bars) {
  const int grey = film.rgb(frame, (20 * bars + 10) * width + 20)[0];
  return std::lround(grey * 219.0 / 255 / 4);
}

/// The video begins at its frame 9, in which it is held until frame 6 (data-helios-seek, data-helios-offset).
long held_then_played(std::size_t frame) { return frame < 6 ? 9 : static_cast<long>(frame) + 3; }

std::string mode(const std::string& name) { return R"({"mode": ")" + name + R"("})"; }

/// Why the page cannot be rendered.
std::string refusal(const std::string& composition, const Arguments& more) {
  Sandbox sandbox;
  const ToolEnd end = film_of(sandbox, composition, more);
  CHECK(end.status.code != 0);
  CHECK_FALSE(std::filesystem::exists(sandbox.film()));
  CHECK(sandbox.remains() == "");
  return end.errors;
}

}  // namespace

TEST_CASE("helios: animations, timelines of GSAP, subscribers and media are where the frame says, however it is cut",
          "[helios]") {
  if (!have_pages()) return;
  const DecodedFilm film = decoded("dom", joined(whole, {"--props", green, "--chunks", "1"}));
  REQUIRE(film.frames() == 24);
  for (std::size_t frame = 0; frame < 24; ++frame) {
    CAPTURE(frame);
    for (const std::size_t number : {0, 1, 2, 3}) CHECK(bar(film, frame, number) == 10 * frame);
    CHECK(source_frame(film, frame, 4) == held_then_played(frame));
    CHECK(film.rgb(frame, width * height - 1) == std::array<int, 3>{10, 200, 30});
  }
  for (const std::string chunks : {"3", "8"})
    CHECK(decoded("dom", joined(whole, {"--props", green, "--chunks", chunks})).bytes == film.bytes);
}

TEST_CASE("helios: an instance that only its script knows shows each frame once, at every rate", "[helios]") {
  if (!have_pages()) return;
  const std::vector<std::pair<std::string, std::string>> rates{
      {"24", R"({"num": 24})"}, {"30000/1001", R"({"num": 30000, "den": 1001})"}, {"60", R"({"num": 60})"}};
  for (const auto& [rate, props] : rates) {
    CAPTURE(rate);
    const DecodedFilm film = decoded("canvas", joined(small, {"--fps", rate, "--frames", "0:72", "--props", props}));
    REQUIRE(film.frames() == 72);
    for (int frame = 0; frame < 72; ++frame)
      CHECK(film.rgb(static_cast<std::size_t>(frame), 0) == std::array<int, 3>{frame, frame, frame});
  }
}

TEST_CASE("helios: what begins in the middle of the film goes on in the next chunk", "[helios]") {
  if (!have_pages()) return;
  const DecodedFilm film = decoded("canvas", joined(whole, {"--chunks", "8"}));
  REQUIRE(film.frames() == 24);
  for (std::size_t frame = 0; frame < 24; ++frame) {
    CAPTURE(frame);  // the transition takes 12 frames from frame 6 on
    CHECK(bar(film, frame, 1) == 10 * std::min<std::size_t>(frame < 6 ? 0 : frame - 6, 12));
  }
}

TEST_CASE("helios: an instance that the page shows follows the frames, bound or not, and plays nothing besides", "[helios]") {
  if (!have_pages()) return;
  for (const std::string name : {"rests", "plays"}) {
    CAPTURE(name);
    const DecodedFilm film = decoded("shown", joined(whole, {"--props", mode(name)}));
    REQUIRE(film.frames() == 24);
    for (std::size_t frame = 0; frame < 24; ++frame) {
      CAPTURE(frame);
      CHECK(bar(film, frame, 0) == 10 * frame);
      CHECK(source_frame(film, frame, 3) == held_then_played(frame));
    }
  }
}

TEST_CASE("helios: an instance that is bound while the film runs follows the frames from then on", "[helios]") {
  if (!have_pages()) return;
  const DecodedFilm film = decoded("shown", joined(whole, {"--props", mode("late"), "--chunks", "2"}));
  for (std::size_t frame = 0; frame < 24; ++frame) CHECK(bar(film, frame, 0) == (frame < 3 ? 0 : 10 * frame));
}

TEST_CASE("helios: a frame is taken when waitUntilStable is done, for which time stands still", "[helios]") {
  if (!have_pages()) return;
  const DecodedFilm film = decoded("shown", joined(whole, {"--props", mode("checks"), "--chunks", "2"}));
  for (std::size_t frame = 0; frame < 24; ++frame) {
    CAPTURE(frame);
    CHECK(bar(film, frame, 2) == 10 * frame);  // by a check that needs timers and animation frames
    CHECK(bar(film, frame, 1) == 10 * frame);  // by the page's animation frames: none more than there are frames
  }
  CHECK(contains(refusal(made("shown"), joined(whole, {"--props", mode("hangs"), "--frame-timeout", "1"})),
                 "frame 0 was not ready within 1 s: still waiting for waitUntilStable() of window.helios"));
  CHECK(contains(refusal(made("shown"), joined(whole, {"--props", mode("fails")})),
                 "waitUntilStable() of window.helios failed: a tile is missing"));
}

TEST_CASE("helios: the instance says what film the page is, and options win", "[helios]") {
  if (!have_pages()) return;
  Sandbox sandbox;
  const std::string driven = "driven by Helios, frames one after the other\n";
  CHECK(sandbox.run({"compositions", made("dom")}).output == "320x180, 30 fps, 24 frames\n" + driven);
  CHECK(sandbox.run({"compositions", made("canvas")}).output == "does not say how long it is\n" + driven);
  const ToolEnd shown = sandbox.run({"compositions", made("shown"), "--props", R"({"num": 30000, "den": 1001})"});
  CHECK(shown.output == "1920x1080, 30000/1001 fps, 24 frames\n" + driven);
  const DecodedFilm film = decoded("dom", {"--height", "90", "--fps", "60"}, width * height / 2);
  REQUIRE(film.frames() == 48);
  for (std::size_t frame = 0; frame < 48; ++frame) CHECK(bar(film, frame, 0) == 5 * frame);
  CHECK(contains(refusal(made("dom"), {"--frames", "0:25"}), "has 24 frames; frame 24"));
}

TEST_CASE("helios: audio tracks, which the film does not have yet, are named in warnings", "[helios]") {
  if (!have_pages()) return;
  const std::string tracks = R"({"tracks": [{"id": "music", "src": "music.mp3"}, {"id": "quiet", "src": "quiet.mp3"}]})";
  Sandbox sandbox;
  const ToolEnd end = film_of(sandbox, made("shown"), joined(whole, {"--props", tracks}));
  CHECK(end.status.code == 0);
  CHECK(contains(end.errors, R"(the composition plays the audio track "music")"));
  CHECK(contains(end.errors, " (music.mp3): sound of the page is not in the film yet"));
  CHECK_FALSE(contains(end.errors, "quiet.mp3"));  // muted
  CHECK(contains(refusal(made("shown"), joined(whole, {"--props", tracks, "--strict"})), "The render is strict"));
}

TEST_CASE("helios: other pages are not taken for one, and find nothing of it", "[helios]") {
  Sandbox sandbox;
  const std::string nothing = sandbox.file("nothing.html", R"html(<!doctype html><div id="helios"></div><script>
    if (Object.keys(window).some((name) => /helios/i.test(name)) || '__HELIOS_PROPS__' in window) throw new Error('Helios');
  </script>)html");
  const std::string frame =
      sandbox.file("frame.html", R"html(<!doctype html><iframe name="helios" sandbox srcdoc="x"></iframe>)html");
  const std::string likeness = sandbox.file("likeness.html", R"html(<!doctype html><script>
    window.helios = {fps: {value: 30}, seek() {}};
    window.__HELIOS_VIRTUAL_TIME__ = 7;
    requestAnimationFrame(() => { if (window.__HELIOS_VIRTUAL_TIME__ !== 7) throw new Error('it was changed'); });
  </script>)html");
  for (const std::string& other : {nothing, frame, likeness}) {
    const ToolEnd said = sandbox.run({"compositions", other, "--json"});
    INFO(said.errors);
    REQUIRE(said.status.code == 0);
    CHECK(said.json().at("contract") == "virtual clock");
    CHECK(sandbox.render(other, "0:2", {"--overwrite"}).status.code == 0);
  }
}

TEST_CASE("helios: random numbers are those of Helios's own renderer", "[helios]") {
  Sandbox sandbox;
  const std::string random = sandbox.file("random.html", R"html(<!doctype html><script>
    document.documentElement.style.background = Math.random().toFixed(9) === '0.106152009' ? 'lime' : 'red';
  </script>)html");
  REQUIRE(film_of(sandbox, random, whole).status.code == 0);
  CHECK(decode_film(sandbox.film(), "rgb24", 3 * width * height).rgb(0, 0) == std::array<int, 3>{0, 255, 0});
}
