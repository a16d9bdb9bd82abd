// What the browser does in real time, off the page's thread: it follows the clock, or a warning names it.
#include "support/colour_at.hpp"
#include "support/contains.hpp"
#include "support/counting_films.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// Waits of which one is over at 50 ms, before it is woken. What wakes it at 101 ms is handed on to the next, as if it were gone.
const std::string waits = R"(
  const memory = new Int32Array(new WebAssembly.Memory({initial: 1, maximum: 1, shared: true}).buffer);
  const told = [];
  const wait = (name, limit) => Atomics.waitAsync(memory, 0, 0, limit).value.then((how) => told.push(name, how, performance.now() - began));
  const began = performance.now();
  wait('a', 50);
  wait('b', 500);
  wait('c');
  wait('d', 2e3);
  told.push(Atomics.waitAsync(memory, 0, 0, 0).value, Atomics.waitAsync(memory, 0, 1, 5).value);
  setTimeout(() => Atomics.notify(memory, 0, 1), 101);
  setTimeout(() => Atomics.notify(memory, 0, 1), 140);
  const isRight = () => told.join(' ') === 'timed-out not-equal a timed-out 50 b ok 101 c ok 140';
)";

}  // namespace

TEST_CASE("real time: the time-out of Atomics.waitAsync follows the clock, in workers, too", "[capture][clocks]") {
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    const std::string in_page =
        "<body style='background: #00f'><script>" + waits +
        "setTimeout(() => { document.body.style.background = isRight() ? '#0f0' : '#f00' }, 200)</script>";
    const std::string in_worker = "<body style='background: #00f'><script>const text = `" + waits +
                                  "setTimeout(() => postMessage(isRight()), 200)`;"
                                  "new Worker(URL.createObjectURL(new Blob([text]))).onmessage = ({data}) => {"
                                  "document.body.style.background = data ? '#0f0' : '#f00' }</script>";
    for (const std::string& html : {in_page, in_worker}) {
      const std::string page = studio.file("page.html", html);
      for (const bool straight : {false, true}) {
        CAPTURE(to_string(mode), html, straight);
        REQUIRE(error_of(studio.load(page, {0, 9})) == "");
        const auto pictures = straight ? studio.pictures({8}) : studio.pictures({0, 1, 2, 3, 4, 5, 6, 7, 8});
        CHECK(colour_at(pictures.back(), 160, 90) == 0x00ff00);
      }
    }
  }
}

TEST_CASE("real time: what a paint worklet draws depends on its frame alone", "[capture][clocks]") {
  // Green if all dates stand still. The blue squares lie where random numbers say: of the module, of the painter, of the picture.
  const std::string paint = R"(
    const random = Math.random();
    registerPaint('spots', class {
      static get inputProperties() { return ['--frame']; }
      constructor() { this.random = Math.random(); }
      paint(context, size, properties) {
        const dates = [Date.now(), +new Date(), Date.parse(Date()), Temporal.Now.instant().epochMilliseconds];
        const isStill = dates.every((date) => date === 1704067200000) && new Intl.DateTimeFormat('en').format() === '1/1/2024';
        context.fillStyle = isStill ? '#0f0' : '#f00';
        context.fillRect(0, 0, 320, 180);
        context.fillStyle = '#00f';
        [random, this.random, Math.random(), properties.get('--frame') / 100].forEach((at, row) => {
          context.fillRect(Math.floor(at * 300), 20 + row * 40, 20, 20);
        });
      }
    });)";
  const HttpServer server(
      {{"/paint.js", {.type = "text/javascript", .body = paint}},
       {"/page", {.body = R"(<body style="margin: 0"><div id="box" style="width: 320px; height: 180px"></div><script>
      let frame = -1;
      const step = () => { box.style.setProperty('--frame', ++frame); requestAnimationFrame(step); };
      requestAnimationFrame(step);
      setTimeout(async () => {
        await CSS.paintWorklet.addModule('/paint.js');
        box.style.background = 'paint(spots)';
      }, 30);</script>)"}}});
  std::string first;
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const bool straight : {false, true, true}) {
      CAPTURE(to_string(mode), straight);
      REQUIRE(error_of(studio.load(server.url("/page"), {0, 9})) == "");
      const auto pictures = straight ? studio.pictures({8}) : studio.pictures({0, 1, 2, 3, 4, 5, 6, 7, 8});
      if (first.empty()) first = pictures.back();
      CHECK((pictures.back() == first));
      CHECK(colour_at(pictures.back(), 5, 5) == 0x00ff00);
      CHECK(colour_at(pictures.back(), 34, 150) == 0x0000ff);
    }
  }
}

TEST_CASE("real time: a paint worklet whose dates cannot be replaced is told", "[capture][clocks]") {
  const HttpServer server(
      {{"/paint.js", {.type = "text/javascript", .body = "registerPaint('none', class { paint() {} })"}},
       {"/page", {.body = R"(<meta http-equiv="content-security-policy" content="script-src 'self' 'unsafe-inline'">
                               <script>CSS.paintWorklet.addModule('/paint.js')</script>)"}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 1})) == "");
  CHECK(contains(studio.log(), "paint worklet /paint.js has the real date"));
}

TEST_CASE("real time: a page that reads the value of an automated AudioParam is told", "[capture][clocks]") {
  Studio studio(CaptureMode::screenshot);
  const std::string read = "console.error('read', gain.gain.value)</script>";
  const std::string begin = "<script>const gain = new AudioContext().createGain(); gain.gain.value = 0.5;";
  REQUIRE(error_of(studio.load(studio.file("still.html", begin + read), {0, 1})) == "");
  CHECK(contains(studio.log(), "read 0.5"));
  CHECK_FALSE(contains(studio.log(), "AudioParam.value"));
  REQUIRE(error_of(studio.load(studio.file("ramp.html", begin + "gain.gain.linearRampToValueAtTime(1, 1);" + read), {0, 1})) ==
          "");
  CHECK(contains(studio.log(), "AudioParam.value follows its automation"));
}

TEST_CASE("real time: controls of a video that plays are told, as they show it paused", "[capture][media]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("page.html", R"(<video src="count30.mp4?still" controls></video>
      <video src="count30.mp4?bare" autoplay muted></video><video src="count30.mp4?plays" controls autoplay muted></video>)");
  make_counting_films("count30.mp4", std::filesystem::path(page).parent_path());
  REQUIRE(error_of(studio.load(page, {0, 2})) == "");
  REQUIRE(studio.pictures({1}).size() == 1);
  CAPTURE(studio.log());
  CHECK(contains(studio.log(), "count30.mp4?plays: its controls do not follow the film"));
  CHECK_FALSE(contains(studio.log(), "?still: its controls"));
  CHECK_FALSE(contains(studio.log(), "?bare: its controls"));
}
