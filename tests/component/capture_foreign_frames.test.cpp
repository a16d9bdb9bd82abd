// <iframe>s of another origin and of none (`sandbox`): they follow the film's clock as those of the page's own origin do.
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// Squares that go 12 px a frame from the left edge on: red by CSS, blue by performance.now(), green by the date, counted from
/// that of frame 3. The magenta one goes 18 px every 50 ms, by a timer.
const std::string inner = R"(<!doctype html><style>
    body { margin: 0; background: #fff }
    @keyframes move { from { left: 0 } to { left: 720px } }
    div, p { position: absolute; margin: 0; width: 12px; height: 8px; left: 0 }
    div { top: 0; background: #f00; animation: move 2s linear both }
    #clock { top: 10px; background: #00f }
    #date { top: 20px; background: #0f0 }
    #timer { top: 30px; background: #f0f }
  </style><div></div><p id="clock"></p><p id="date"></p><p id="timer"></p><script>
    const place = (id, x) => { document.getElementById(id).style.left = Math.round(x) + 'px'; };
    const start = performance.now();
    const step = () => {
      place('clock', (performance.now() - start) * 0.36);
      place('date', (Date.now() - Date.UTC(2024, 0, 1) - 100) * 0.36);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
    let ticks = 0;
    setInterval(() => place('timer', 18 * ++ticks), 50);
  </script>)";

/// How an <iframe> comes to show `inner`: `add` runs at frame 3. `other` is another origin.
struct Way {
  const char* name;
  const char* add;
};

constexpr Way ways[] = {
    {"sandboxed srcdoc", "frame.sandbox = 'allow-scripts'; frame.srcdoc = text; document.body.append(frame)"},
    {"sandboxed src", "frame.sandbox = 'allow-scripts'; frame.src = '/inner'; document.body.append(frame)"},
    {"sandboxed blob",
     "frame.sandbox = 'allow-scripts'; frame.src = URL.createObjectURL(new Blob([text], {type: 'text/html'}));"
     "document.body.append(frame)"},
    {"data URL", "frame.src = 'data:text/html,' + encodeURIComponent(text); document.body.append(frame)"},
    {"other origin", "frame.src = other + '/inner'; document.body.append(frame)"},
    {"with a worker", "frame.src = other + '/with-worker'; document.body.append(frame)"},
    {"by its own location", "frame.src = other + '/leaves'; document.body.append(frame)"},
    {"in a shadow root", "document.body.attachShadow({mode: 'open'}).append(frame); frame.src = other + '/inner'"},
    {"sandboxed in sandboxed", "frame.sandbox = 'allow-scripts'; frame.srcdoc = around('/inner'); document.body.append(frame)"},
    {"own origin in another", "frame.src = other + '/around#' + location.origin + '/inner'; document.body.append(frame)"},
    {"another's own in another", "frame.src = other + '/around#' + other + '/inner'; document.body.append(frame)"},
    {"another in own", "frame.src = '/around#' + other + '/inner'; document.body.append(frame)"},
};

const std::string style = "<style>body{margin:0;background:#888}iframe{position:absolute;left:0;top:0;border:0}</style>";

std::string page_of(const Way& way) {
  return "<!doctype html>" + style + R"(<body><script type="text/plain" id="source">)" +
         inner.substr(0, inner.find("</script>")) +
         R"(<\/script></script><script>
      const text = source.textContent.replace('\\/', '/');
      const other = location.origin.replace('127.0.0.1', 'localhost');
      const around = (url) => ')" +
         style + R"(<iframe width=310 height=40 src="' + url + '"></iframe>';
      setTimeout(() => {
        const frame = document.createElement('iframe');
        Object.assign(frame, {width: 310, height: 40});
        frame.style.cssText = 'position: absolute; left: 0; top: 0; border: 0';
        )" +
         way.add + R"(;
      }, 100);
    </script>)";
}

const std::string around = "<!doctype html>" + style + R"(<body><script>
    const frame = Object.assign(document.createElement('iframe'), {width: 310, height: 40, src: location.hash.slice(1)});
    document.body.append(frame);
  </script>)";

/// The first x in row `y` where the picture has this colour (B, G, R); -1 if none has.
int left_of(const std::string& picture, std::size_t y, const char* bgr) {
  for (std::size_t x = 0; x < 320; ++x) {
    if (picture.compare((y * 320 + x) * 4, 3, bgr, 3) == 0) return static_cast<int>(x);
  }
  return -1;
}

/// `inner` with its timer in a worker.
std::string with_worker() {
  const std::string timer = "setInterval(() => place('timer', 18 * ++ticks), 50);";
  std::string page = inner;
  page.replace(page.find(timer), timer.size(), R"(requestAnimationFrame(() => {
      const script = URL.createObjectURL(new Blob(['setInterval(() => postMessage(0), 50)']));
      new Worker(script).onmessage = () => place('timer', 18 * ++ticks);
    });)");
  return page;
}

}  // namespace

TEST_CASE("foreign frames: one that comes in late follows the film's clock from then on", "[capture][foreign]") {
  std::map<std::string, HttpAnswer> answers{{"/inner", {.body = inner, .header_delay = 150ms}}, {"/around", {.body = around}}};
  answers["/with-worker"] = {.body = with_worker()};
  answers["/leaves"] = {.body = "<script>setTimeout(() => { location = '/inner' }, 0)</script>"};
  for (std::size_t i = 0; i < std::size(ways); ++i) answers["/" + std::to_string(i)] = {.body = page_of(ways[i])};
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (std::size_t i = 0; i < std::size(ways); ++i) {
      for (const std::int64_t first : {0, 5}) {
        CAPTURE(to_string(mode), ways[i].name, first);
        REQUIRE(error_of(studio.load(server.url("/" + std::to_string(i)), {first, 9})) == "");
        for (std::int64_t frame = first; frame < 9; ++frame) {
          CAPTURE(frame, studio.log());
          const auto picture = studio.pictures({frame}).front();
          const int age = static_cast<int>(frame) - 3;
          const int expected = age < 0 ? -1 : 12 * age;
          CHECK(left_of(picture, 4, "\x00\x00\xff") == expected);
          CHECK(left_of(picture, 14, "\xff\x00\x00") == expected);
          CHECK(left_of(picture, 24, "\x00\xff\x00") == expected);
          CHECK(left_of(picture, 34, "\xff\x00\xff") == (age < 0 ? -1 : 18 * (age * 2 / 3)));
        }
        CHECK_FALSE(contains(studio.log(), "clock"));
      }
    }
  }
}

namespace {

/// `script` runs in the page, at its beginning; `add(sandbox, text)` adds a frame, `at(frame, act)` calls at one of the film's.
std::string scripted(const std::string& script) {
  return "<!doctype html>" + style + R"(<body><script>
      const other = location.origin.replace('127.0.0.1', 'localhost');
      const add = (set, top = 0) => {
        const frame = Object.assign(document.createElement('iframe'), {width: 310, height: 40, ...set});
        frame.style.top = top + 'px';
        document.body.append(frame);
        return frame;
      };
      const at = (frame, act) => setTimeout(act, frame * 100 / 3);
      )" +
         script + "</script>";
}

struct Seen {
  std::vector<std::string> pictures{};
  std::string log{};
};

Seen film(CaptureMode mode, const std::string& url, FrameRange frames) {
  Studio studio(mode);
  REQUIRE(error_of(studio.load(url, frames)) == "");
  std::vector<std::int64_t> numbers;
  for (std::int64_t frame = frames.first; frame < frames.last; ++frame) numbers.push_back(frame);
  auto pictures = studio.pictures(numbers);
  return {std::move(pictures), studio.log()};
}

}  // namespace

TEST_CASE("foreign frames: one that goes or goes elsewhere does not hold up the film", "[capture][foreign]") {
  // In the frame a request keeps its step up, so that its answer is pending when it goes.
  const std::string busy =
      "<body style='background:#f00'><script>requestAnimationFrame(function step() { fetch('/slow');"
      "requestAnimationFrame(step) })</script>";
  const char* ends[] = {
      "frame.remove()",  // from the page, in mid-step
      "frame.removeAttribute('src'); frame.srcdoc = '<body style=background:#0f0>'",
      "frame.src = other + '/tile.png'",  // no document with scripts
      "frame.src = other + '/bare'",
      "frame.src = 'http://localhost:1/'",  // an error page
      "frame.contentWindow.location = '/bare'",
  };
  std::map<std::string, HttpAnswer> answers{
      {"/busy", {.body = busy}},
      {"/slow", {.header_delay = 200ms}},
      {"/bare", {.body = "<body style='background:#0f0'>"}},
      {"/tile.png", {.type = "image/png", .body = read_file(ORCHESTRATOR_SOURCE_DIR "/tests/pages/tile.png")}}};
  for (std::size_t i = 0; i < std::size(ends); ++i) {
    answers["/" + std::to_string(i)] = {.body = scripted(R"(
        const frame = add({src: other + '/busy'});
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => {
          fetch('/slow').then(() => { )" + std::string(ends[i]) +
                                                         R"( });
          at(3.5, () => fetch('/slow'));
        })));)")};
  }
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    for (std::size_t i = 0; i < std::size(ends); ++i) {
      CAPTURE(to_string(mode), ends[i]);
      const Seen all = film(mode, server.url("/" + std::to_string(i)), {0, 6});
      const Seen late = film(mode, server.url("/" + std::to_string(i)), {4, 6});
      CAPTURE(all.log, late.log);
      CHECK((late.pictures[0] == all.pictures[4]));
      CHECK((late.pictures[1] == all.pictures[5]));
      CHECK((all.pictures[0] != all.pictures[5]));
    }
  }
}

TEST_CASE("foreign frames: messages to and from the page are those of their frame, and none of ours is seen",
          "[capture][foreign]") {
  // The frame goes right by what the page says, the page's own square by what the frame says back; whatever is not expected
  // makes it red.
  const std::string echo = R"(<script>
      const around = parent;
      parent = null;
      addEventListener('load', () => {
        document.open();
        document.write('<style>body{margin:0;background:#fff} p{position:absolute;margin:0;top:10px;width:12px;height:12px;' +
            'background:#00f}</style><p></p>');
        document.close();
        addEventListener('message', ({data}) => {
          if (data.now !== Date.now() || 'orchestratorProps' in window) document.body.style.background = '#f00';
          document.querySelector('p').style.left = data.x + 'px';
          around.postMessage({back: data.x}, '*');
        }, true);
      });
    </script>)";
  const HttpServer server({{"/echo", {.body = echo}}, {"/page", {.body = scripted(R"(
      const kinds = [{sandbox: 'allow-scripts', src: '/echo'}, {src: other + '/echo'}];
      const frames = kinds.map((kind, index) => add(kind, 40 * index));
      const squares = kinds.map((kind, index) => {
        const square = document.body.appendChild(document.createElement('div'));
        square.style.cssText = `position:absolute;width:12px;height:12px;background:#0f0;top:${100 + 20 * index}px;left:0`;
        return square;
      });
      addEventListener('message', ({data, source}) => {
        if (typeof data.back !== 'number') document.body.style.background = '#f00';
        squares[frames.findIndex((frame) => frame.contentWindow === source)].style.left = data.back + 'px';
      });
      let x = 0;
      requestAnimationFrame(function step() {
        for (const frame of frames) frame.contentWindow.postMessage({x, now: Date.now()}, '*');
        x += 10;
        requestAnimationFrame(step);
      });)")}}});
  for (const CaptureMode mode : backends) {
    for (const std::int64_t first : {0, 5}) {
      CAPTURE(to_string(mode), first);
      const Seen seen = film(mode, server.url("/page"), {first, 8});
      CAPTURE(seen.log);
      for (std::size_t i = 0; i < seen.pictures.size(); ++i) {
        const int x = 10 * static_cast<int>(first + static_cast<std::int64_t>(i));
        CAPTURE(x);
        CHECK(left_of(seen.pictures[i], 16, "\xff\x00\x00") == x);
        CHECK(left_of(seen.pictures[i], 56, "\xff\x00\x00") == x);
        CHECK(left_of(seen.pictures[i], 106, "\x00\xff\x00") == x);
        CHECK(left_of(seen.pictures[i], 126, "\x00\xff\x00") == x);
        CHECK(left_of(seen.pictures[i], 39, "\x00\x00\xff") == -1);
        CHECK(left_of(seen.pictures[i], 170, "\x00\x00\xff") == -1);
      }
    }
  }
}

TEST_CASE("foreign frames: without scripts of its own a frame moves by style, or is named", "[capture][foreign]") {
  const HttpServer server(
      {{"/inner", {.body = inner.substr(0, inner.find("<script>"))}},
       {"/styles",
        {.body = scripted("add({sandbox: 'allow-scripts', src: '/inner'}); add({sandbox: "
                          "'allow-same-origin', src: '/inner'}, 45);"
                          "add({src: other + '/inner'}, 90)")}},
       {"/named",
        {.body = scripted("add({sandbox: '', src: '/inner'}); add({sandbox: 'allow-forms', src: other + '/inner'}, 45);"
                          "add({sandbox: 'allow-popups', srcdoc: '<p>text'}, 90)")}}});
  for (const CaptureMode mode : backends) {
    for (const std::int64_t first : {0, 5}) {
      CAPTURE(to_string(mode), first);
      const Seen seen = film(mode, server.url("/styles"), {first, 8});
      CAPTURE(seen.log);
      for (std::size_t i = 0; i < seen.pictures.size(); ++i) {
        const int x = 12 * static_cast<int>(first + static_cast<std::int64_t>(i));
        for (const std::size_t top : {0, 45, 90}) CHECK(left_of(seen.pictures[i], top + 4, "\x00\x00\xff") == x);
      }
      CHECK_FALSE(contains(seen.log, "clock"));
    }
    const Seen named = film(mode, server.url("/named"), {0, 4});
    CAPTURE(named.log);
    CHECK(contains(named.log, "frame " + server.url("/inner") + " (<iframe>, number 1): it is of another origin"));
    CHECK(contains(named.log, "/inner (<iframe>, number 2): it is of another origin"));
    CHECK(contains(named.log, "frame about:srcdoc (<iframe>, number 3)"));
    CHECK((named.pictures[0] == named.pictures[3]));
    Studio strict(mode);
    const auto loaded = strict.load(server.url("/named"), {0, 4}, {}, {.strict = true});
    REQUIRE_FALSE(loaded.has_value());
    CHECK(contains(loaded.error().detail, "it is of another origin and has no page whose scripts run"));
  }
}

TEST_CASE("foreign frames: of several alike each is named by its element", "[capture][foreign]") {
  const std::string page =
      "<iframe sandbox id=left srcdoc='<p>a'></iframe><iframe sandbox name=right srcdoc='<p>a'></iframe>"
      "<iframe sandbox srcdoc='<p>a'></iframe><div id=host></div>"
      "<script>host.attachShadow({mode: 'open'}).innerHTML = \"<iframe sandbox srcdoc='<p>a'></iframe>\"</script>";
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(studio.file("page.html", page), {0, 1}).has_value());
  CAPTURE(studio.log());
  CHECK(contains(studio.log(), "(<iframe id=\"left\">, number 1)"));
  CHECK(contains(studio.log(), "(<iframe name=\"right\">, number 2)"));
  CHECK(contains(studio.log(), "(<iframe>, number 3)"));
  CHECK(contains(studio.log(), "(<iframe>, number 1): it is of another origin"));
}

TEST_CASE("foreign frames: one that nobody can see, or that had read the date, keeps the clock all the same",
          "[capture][foreign]") {
  // Out of view, where the browser gives it no frames; it comes into view in frame 6.
  const HttpServer server({{"/inner", {.body = inner}},
                           {"/dates", {.body = inner + "<script>const born = Date.now()</script>"}},
                           {"/hidden",
                            {.body = scripted("const frame = add({src: other + '/inner'}, 900);"
                                              "at(6, () => { frame.style.top = 0 })")}},
                           {"/late-date", {.body = scripted("at(3, () => add({src: other + '/dates'}))")}}});
  for (const CaptureMode mode : backends) {
    for (const std::int64_t first : {0, 5}) {
      CAPTURE(to_string(mode), first);
      const Seen seen = film(mode, server.url("/hidden"), {first, 8});
      CAPTURE(seen.log);
      for (std::int64_t frame = first; frame < 8; ++frame) {
        const int expected = frame < 6 ? -1 : 12 * static_cast<int>(frame);
        CHECK(left_of(seen.pictures[static_cast<std::size_t>(frame - first)], 4, "\x00\x00\xff") == expected);
        CHECK(left_of(seen.pictures[static_cast<std::size_t>(frame - first)], 14, "\xff\x00\x00") == expected);
      }
    }
  }
  CHECK(contains(film(CaptureMode::screenshot, server.url("/late-date"), {0, 5}).log, "read the date while it loaded"));
}
