// What moves by other clocks than the page's: scroll timelines, SMIL, the caret, elements of the browser's own.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// Blue, green or red (0 to 2) at a place.
int colour_at(const std::string& picture, int x, int y, std::size_t channel) {
  return static_cast<unsigned char>(picture[static_cast<std::size_t>(y * 320 + x) * 4 + channel]);
}

/// How many of the first 200 pixels of a row lie before the first black one.
int black_from(const std::string& picture, int y) {
  int x = 0;
  while (x < 200 && colour_at(picture, x, y, 1) > 128) ++x;
  return x;
}

std::string from(const std::string& picture, int row) { return picture.substr(static_cast<std::size_t>(row) * 320 * 4); }

}  // namespace

TEST_CASE("capture: scroll and view timelines are the same in sequence and from a late start, with their events", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load("scroll_timelines.html", {0, 60}).has_value());
    const auto pictures = studio.pictures({0, 10, 20, 21, 30, 40});
    CHECK(colour_at(pictures[2], 110, 50, 2) == Approx(170).margin(1));  // 2600 of 3820 px
    CHECK(colour_at(pictures[2], 170, 50, 1) == Approx(170).margin(1));
    CHECK(colour_at(pictures[5], 8, 8, 2) == 1);   // animationstart
    CHECK(colour_at(pictures[5], 24, 8, 2) == 1);  // animationend
    CHECK(colour_at(pictures[5], 40, 8, 2) == 1);  // finish
    for (const auto& [frame, index] : {std::pair(20, 2U), std::pair(40, 5U)}) {
      CAPTURE(frame);
      REQUIRE(studio.load("scroll_timelines.html", {frame, 60}).has_value());
      CHECK((from(studio.pictures({frame}).front(), 4) == from(pictures[index], 4)));
    }
  }
}

TEST_CASE("capture: SMIL follows the clock, also if it comes late, and stops where the page stops it", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("smil.html", R"(<body style="margin:0"><style>svg { display: block }</style>
      <svg width="200" height="20"><rect width="20" height="20"><animate attributeName="x" to="120" dur="4s" fill="freeze"/></rect></svg>
      <svg width="200" height="20" id="late"><rect width="20" height="20"/></svg>
      <svg width="200" height="20" id="stopped"><rect width="20" height="20"><animate attributeName="x" to="120" dur="4s"/></rect></svg>
      <script>
      let frame = -1;
      requestAnimationFrame(function next() {
        requestAnimationFrame(next);
        if (++frame === 10) late.firstChild.innerHTML = '<animate attributeName="x" from="0" to="120" dur="4s"/>';
        if (frame === 20) stopped.pauseAnimations();
        if (frame === 30) stopped.unpauseAnimations();
        if (frame === 50) stopped.setCurrentTime(0);
      });</script>)");
  REQUIRE(studio.load(page, {0, 60}).has_value());
  const auto pictures = studio.pictures({6, 25, 40, 55});
  CHECK(black_from(pictures[0], 10) == 6);
  CHECK(black_from(pictures[2], 10) == 40);
  CHECK(black_from(pictures[2], 30) == 30);
  CHECK(black_from(pictures[0], 50) == 6);
  CHECK(black_from(pictures[1], 50) == 20);
  CHECK(black_from(pictures[2], 50) == 30);
  CHECK(black_from(pictures[3], 50) == 5);
}

TEST_CASE("capture: a caret does not blink", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("caret.html", R"(<body style="margin:40px">
        <input autofocus style="caret-color: #f00; font-size: 40px; width: 200px; outline: none">)");
    REQUIRE(studio.load(page, {0, 9}).has_value());
    const auto first = studio.pictures({0}).front();
    int red = 0;
    for (int x = 40; x < 80; ++x) red += colour_at(first, x, 65, 2) == 255 && colour_at(first, x, 65, 1) == 0 ? 1 : 0;
    CHECK(red > 0);
    for (const std::int64_t frame : {1, 2, 3}) {
      std::this_thread::sleep_for(300ms);  // a caret blinks each half second
      CHECK((from(studio.pictures({frame}).front(), 4) == from(first, 4)));
    }
  }
}

TEST_CASE("capture: what cannot be stepped is told by name", "[capture]") {
  const HttpServer server(
      {{"/page", {.body = R"(<marquee>x</marquee><progress></progress><progress value="1"></progress><img src="/moving.svg">
                             <svg><rect><animate attributeName="x" to="9" dur="1s" onrepeat="0"/></rect></svg>)"}},
       {"/moving.svg",
        {.type = "image/svg+xml",
         .body = R"(<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9">
                    <animate attributeName="fill" values="red;blue" dur="1s"/></rect></svg>)"}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(server.url("/page"), {0, 6}).has_value());
  CAPTURE(studio.log());
  CHECK(contains(studio.log(), "a <marquee> stands still"));
  CHECK(contains(studio.log(), "a <progress> without a value moves by itself"));
  CHECK(contains(studio.log(), server.url("/moving.svg") + " is an SVG file with animations of its own, which stand still"));
  CHECK(contains(studio.log(), "repeatEvent of SVG animation elements is not sent"));
}

TEST_CASE("capture: SMIL's beginEvent and endEvent come in their frames, and what asks for repeats is told", "[capture]") {
  const auto scene = [](const std::string& more) {
    return "<svg><rect><animate id=a attributeName=x to=9 begin=0.1s dur=0.1s repeatCount=2 " + more +
           "</rect></svg><script>const tell = (e) => console.log(e.type, Math.round(performance.now()));"
           "a.addEventListener('beginEvent', tell)</script>";
  };
  const std::string sent = scene("onend='tell(event)'/><set attributeName=y to=5 begin='a.end+0.1s' onbegin='tell(event)'/>");
  const HttpServer server({{"/sent", {.body = sent}},
                           {"/handler", {.body = scene("onrepeat='0'/>")}},
                           {"/listener", {.body = scene("/>") + "<script>a.addEventListener('repeatEvent', tell)</script>"}},
                           {"/timing", {.body = scene("/><set attributeName=y to=5 begin='a.repeat(1)'/>")}}});
  const std::vector<std::int64_t> one_by_one{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    for (const auto& frames : {one_by_one, std::vector<std::int64_t>{12}}) {
      CAPTURE(to_string(mode), frames.size());
      Studio studio(mode);
      REQUIRE(studio.load(server.url("/sent"), {frames.front(), 13}).has_value());
      studio.pictures(frames);
      CAPTURE(studio.log());
      CHECK(contains(studio.log(), "beginEvent 100"));
      CHECK(contains(studio.log(), "endEvent 300"));
      CHECK(contains(studio.log(), "beginEvent 400"));
      CHECK_FALSE(contains(studio.log(), "not sent"));
    }
  }
  for (const char* page : {"/handler", "/listener", "/timing"}) {
    CAPTURE(page);
    Studio studio(CaptureMode::screenshot);
    REQUIRE(studio.load(server.url(page), {0, 3}).has_value());
    CHECK(contains(studio.log(), "repeatEvent of SVG animation elements is not sent"));
  }
}

TEST_CASE("capture: animations of an SVG file that is an image stand still", "[capture]") {
  const std::string still = R"(<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30">)";
  const HttpServer server(
      {{"/page", {.body = R"(<body style="margin:0"><img src="/styled.svg"><img src="/smil.svg">)"}},
       {"/styled.svg", {.type = "image/svg+xml", .body = still + R"(<style>@keyframes f { from { fill: #000 } to { fill: #fff } }
                            rect { animation: f 1s linear infinite }</style><rect width="30" height="30"/></svg>)"}},
       {"/smil.svg",
        {.type = "image/svg+xml",
         .body = still + R"(<rect width="30" height="30"><animate attributeName="fill" values="#000;#fff" dur="1s"
                            repeatCount="indefinite"/></rect></svg>)"}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(server.url("/page"), {0, 6}).has_value());
    for (const std::int64_t frame : {0, 1, 5}) {
      const auto picture = studio.pictures({frame}).front();
      CHECK(colour_at(picture, 20, 20, 1) == 0);
      CHECK(colour_at(picture, 50, 20, 1) == 0);
      std::this_thread::sleep_for(200ms);
    }
  }
}
