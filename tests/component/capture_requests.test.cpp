// Pages that ask for data: each answer belongs to the frame in which it was asked for.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// A box that moves by its own count of animation frames, from `begin()` on.
const std::string counting_box = R"(<style>#box { position: absolute; width: 20px; height: 20px; background: #c40 }</style>
  <div id="box"></div><script>
    let frames = 0;
    const begin = () => requestAnimationFrame(function next() {
      box.style.left = `${12 * ++frames}px`;
      requestAnimationFrame(next);
    });
  </script>)";

/// A chunk that starts at a late frame shows what the sequence shows there; `still` frames come before the first change.
void check_late_start(CaptureMode mode, const std::string& url, std::size_t still) {
  Studio studio(mode);
  REQUIRE(error_of(studio.load(url, {0, 12})) == "");
  const auto sequence = studio.pictures({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  REQUIRE(sequence.size() == 12);
  for (std::size_t i = 1; i < 12; ++i) {
    CAPTURE(i);
    CHECK((sequence[i] == sequence[i - 1]) == (i < still));
  }
  for (const std::int64_t first : {5, 11}) {
    CAPTURE(first);
    REQUIRE(error_of(studio.load(url, {first, first + 1})) == "");
    CHECK((studio.pictures({first}).front() == sequence[static_cast<std::size_t>(first)]));
  }
}

}  // namespace

TEST_CASE("capture: an animation that waits for data starts at the same frame in every chunk", "[capture]") {
  const HttpServer server({{"/page", {.body = counting_box + R"(<script>
                               fetch('/data').then((answer) => answer.json()).then(begin);</script>)"}},
                           {"/data", {.type = "application/json", .body = "{}", .header_delay = 300ms, .body_delay = 300ms}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    check_late_start(mode, server.url("/page"), 1);
  }
}

TEST_CASE("capture: time stands still for what a timer asks for, and for what the answer asks for", "[capture]") {
  const HttpServer server({{"/page", {.body = counting_box + R"(<script>
                               setTimeout(async () => {
                                 const answer = await fetch(new Request('/list'));
                                 const request = new XMLHttpRequest();
                                 request.open('GET', (await answer.text()).trim());
                                 request.onload = () => { if (request.responseText === 'go') begin(); };
                                 request.send();
                               }, 95);</script>)"}},
                           {"/list", {.type = "text/plain", .body = "item ", .header_delay = 200ms}},
                           {"/item", {.type = "text/plain", .body = "go", .body_delay = 200ms}}});
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    check_late_start(mode, server.url("/page"), 3);  // frame 3 is the first after 95 ms
  }
}

TEST_CASE("capture: a page may make its renderFrame of data that it asked for", "[capture]") {
  const HttpServer server({{"/page", {.body = R"(<script>
                               fetch('/data').then((answer) => answer.text()).then((data) => {
                                 window.renderFrame = (frame) => { document.body.style.background = `rgb(${data} ${frame} 9)`; };
                               });</script>)"}},
                           {"/data", {.type = "text/plain", .body = "77", .header_delay = 300ms}}});
  Studio studio(CaptureMode::screenshot);
  const auto loaded = studio.load(server.url("/page"), {0, 3});
  REQUIRE(error_of(loaded) == "");
  CHECK(loaded->contract == "renderFrame");
  CHECK(static_cast<unsigned char>(studio.pictures({2}).front()[2]) == 77);
}

TEST_CASE("capture: a request that is never answered is given up, and named once", "[capture]") {
  const HttpServer server({{"/page", {.body = counting_box + R"(<script>
                               const ask = () => fetch(`/hangs?${frames}`);
                               ask();
                               setInterval(ask, 50);
                               begin();</script>)"}},
                           {"/hangs?0", {.header_delay = 1h}},
                           {"/hangs?1", {.header_delay = 1h}}});
  Studio studio(CaptureMode::shm);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 8})) == "");
  const auto pictures = studio.pictures({0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(pictures[6] != pictures[7]);
  const auto at = studio.log().find("page: request " + server.url("/hangs?0") + " has not been answered");
  REQUIRE(at != std::string::npos);
  CHECK(studio.log().find("has not been answered", at + 100) == std::string::npos);
}

TEST_CASE("capture: a composition's own file is waited for as long as it takes", "[capture]") {
  Studio studio(CaptureMode::shm);
  const std::string page = studio.file("slow_line.html", counting_box + R"(<script>fetch('data.txt').then(begin);</script>)");
  studio.file("data.txt", "data");
  const std::string url = studio.serve(page, [](const std::string& target) { return target == "/data.txt" ? 5500ms : 0ms; });
  REQUIRE(error_of(studio.load(url, {0, 2})) == "");
  const auto pictures = studio.pictures({0, 1});
  CHECK(pictures[0] != pictures[1]);
  CHECK_FALSE(contains(studio.log(), "is not waited for"));
}

TEST_CASE("capture: a file of the composition that does not come is named by the time limit", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("stuck.html", R"(<script>fetch('data.txt');</script>)");
  const std::string url = studio.serve(page, [](const std::string& target) { return target == "/data.txt" ? 3600s : 0s; });
  const auto loaded = studio.load(url, {0, 2}, {.load = 6s});
  REQUIRE_FALSE(loaded.has_value());
  CHECK(loaded.error().code == Errc::load_timeout);
  CHECK(contains(loaded.error().detail, "still waiting for request http://composition.localhost/data.txt"));
}

TEST_CASE("capture: a page that asks without end gets its frames, and is named once", "[capture]") {
  const HttpServer server({{"/page", {.body = counting_box + R"(<script>
                               const ask = async () => { for (;;) await (await fetch('/data')).text(); };
                               begin();
                               setTimeout(ask, 50);</script>)"}},
                           {"/data", {.type = "text/plain", .body = "more"}}});
  Studio studio(CaptureMode::shm);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 5})) == "");
  const auto pictures = studio.pictures({0, 1, 2, 3, 4});
  CHECK(pictures[3] != pictures[4]);
  const std::string told = "page: request " + server.url("/data") + " is one of more than 200";
  const auto at = studio.log().find(told);
  REQUIRE(at != std::string::npos);
  CHECK(studio.log().find("is not waited for", at + told.size() + 60) == std::string::npos);
}

TEST_CASE("capture: documents that are read one after the other belong to the frame of the first", "[capture]") {
  const HttpServer server({{"/page", {.body = counting_box + R"(<script>
                               setTimeout(async () => {
                                 for (let i = 0; i < 90; i += 1) await (await fetch('/data')).text();
                                 begin();
                               }, 95);</script>)"}},
                           {"/data", {.type = "text/plain", .body = "part"}}});
  check_late_start(CaptureMode::screenshot, server.url("/page"), 3);
}

TEST_CASE("capture: a page that is drawn frame by frame may ask in each of them, however many there are", "[capture]") {
  const HttpServer server({{"/page", {.body = R"(<script>
                               window.renderFrame = (frame) => {
                                 let left = 60;
                                 const next = async () => {
                                   await (await fetch('/data')).text();
                                   if (--left > 0) return next();
                                   document.body.style.background = `rgb(77 ${frame} 9)`;
                                 };
                                 next();
                               };</script>)"}},
                           {"/data", {.type = "text/plain", .body = "part"}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 5})) == "");
  const auto pictures = studio.pictures({0, 1, 2, 3, 4});
  for (std::size_t frame = 0; frame < pictures.size(); ++frame) {
    CAPTURE(frame);
    CHECK(static_cast<unsigned char>(pictures[frame][1]) == frame);
  }
  CHECK_FALSE(contains(studio.log(), "is not waited for"));
}

TEST_CASE("capture: a stream that does not go on is named, and the page goes on", "[capture]") {
  const HttpServer server({{"/page", {.body = counting_box + R"(<script>
                               fetch('/stream').then((answer) => { answer.body.getReader().read(); begin(); });</script>)"}},
                           {"/stream", {.type = "text/plain", .body = "late", .body_delay = 1h}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 2})) == "");
  const auto pictures = studio.pictures({0, 1});
  CHECK(pictures[0] != pictures[1]);
  CHECK(contains(studio.log(), "the stream of " + server.url("/stream") + " has not been answered for 5 s"));
}

TEST_CASE("capture: a failed request is the page's own affair", "[capture]") {
  const HttpServer server({{"/page",
                            {.body = counting_box + R"(<script>
                               fetch('http://127.0.0.1:)" +
                                     std::to_string(closed_port()) + R"(/').catch(begin);
                               const request = new XMLHttpRequest();
                               request.open('GET', '/data');
                               request.send();
                               request.abort();</script>)"}}});
  check_late_start(CaptureMode::screenshot, server.url("/page"), 1);
}

TEST_CASE("capture: an image without a source is no image", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("empty.html", R"(<body><img src=""><img src=" "><img><script>
      document.body.append(new Image());
      window.renderFrame = (frame) => { document.images[frame].src = ''; };</script>)");
  REQUIRE(error_of(studio.load(page, {0, 4})) == "");
  CHECK(studio.pictures({0, 1, 2, 3}).size() == 4);
}
