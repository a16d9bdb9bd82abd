// What a page begins belongs to the frame that began it, however it is asked for: time stands still until it is there.
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

const std::string green =
    R"(<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="#0f0"/></svg>)";

/// How each of them comes to show URL; `late` runs at frame 3, in which the cell is shown.
struct Way {
  const char* name;
  const char* html;
  const char* late;
};

constexpr Way ways[] = {
    {"poster", "<video id='a' width='40' height='40'></video>", "a.poster = URL"},
    {"input", "<input id='a' type='image'>", "a.src = URL"},
    {"object", "<object id='a' type='image/svg+xml'></object>", "a.data = URL"},
    {"embed", "<div id='a'></div>", "a.innerHTML = `<embed type='image/svg+xml' src='${URL}'>`"},
    {"source", "<picture><source id='a'><img></picture>", "a.srcset = URL"},
    {"srcset", "<img id='a'>", "a.srcset = `${URL} 1x`"},
    {"href", "<svg width='40' height='40'><image id='a' width='40' height='40'/></svg>", "a.setAttribute('href', URL)"},
    {"xlink", "<svg width='40' height='40'><image id='a' width='40' height='40'/></svg>",
     "a.setAttributeNS('http://www.w3.org/1999/xlink', 'xlink:href', URL)"},
    {"background", "<div id='a'></div>", "a.style.background = `url(${URL})`"},
    {"image-set", "<div id='a'></div>", "a.style.background = `image-set('${URL}' 1x)`"},
    {"rule", "<div id='a'></div>",
     "const s = new CSSStyleSheet(); s.replaceSync(`#a { background: image-set('${URL}' 1x) }`);"
     "document.adoptedStyleSheets.push(s)"},
    {"content", "<style>#a.on::before { content: image-set('URL' 1x) }</style><div id='a'></div>", "a.className = 'on'"},
    {"mask", "<div id='a'></div>", "a.style.mask = `url(${URL})`; a.style.background = '#0f0'"},
    {"border", "<div id='a'></div>",
     "a.style.border = '20px solid'; a.style.borderImage = `url(${URL}) 10 fill`; a.style.height = 0"},
    {"canvas", "<canvas id='a' width='40' height='40'></canvas>",
     "const i = new Image(); i.onload = () => a.getContext('2d').drawImage(i, 0, 0); i.src = URL"},
};

std::string page_of(const Way& way) {
  const std::string url = std::string("/green?") + way.name;
  std::string html = way.html;
  if (const auto at = html.find("URL"); at != std::string::npos) html.replace(at, 3, url);
  return R"(<!doctype html><style>
      body { margin: 0; background: #fff }
      #cell { display: none; width: 40px; height: 40px; background: #f00; overflow: hidden }
      #cell > :not(style) { display: block; width: 40px; height: 40px; border: 0; padding: 0 }
    </style><div id="cell">)" +
         html + R"(</div><script>
      const URL = new window.URL(')" +
         url + R"(', document.baseURI).href;
      setTimeout(() => { cell.style.display = 'block'; )" +
         way.late + "; }, 95);</script>";
}

/// "#rrggbb" at a point of a picture of 320x180.
std::string colour_at(const std::string& picture, std::size_t x, std::size_t y) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text = "#";
  for (const std::size_t channel : {2, 1, 0}) {
    const auto value = static_cast<unsigned char>(picture[(y * 320 + x) * 4 + channel]);
    text += {digits[value >> 4], digits[value & 15]};
  }
  return text;
}

}  // namespace

TEST_CASE("capture: a picture is in the frame that asks for it, by whatever way it comes", "[capture][waiting]") {
  std::map<std::string, HttpAnswer> answers;
  for (const Way& way : ways) {
    answers[std::string("/") + way.name] = {.body = page_of(way)};
    answers[std::string("/green?") + way.name] = {.type = "image/svg+xml", .body = green, .header_delay = 150ms};
  }
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const Way& way : ways) {
      CAPTURE(to_string(mode), way.name);
      REQUIRE(error_of(studio.load(server.url(std::string("/") + way.name), {0, 5})) == "");
      const auto pictures = studio.pictures({2, 3, 4});
      CHECK(colour_at(pictures[0], 20, 20) == "#ffffff");
      CHECK(colour_at(pictures[1], 20, 20) == "#00ff00");
      CHECK(colour_at(pictures[2], 20, 20) == "#00ff00");
    }
  }
}

namespace {

/// Code that makes a box at `top` which goes 12 px a frame from where it is at the first frame of its code.
std::string moving_at(int top) {
  return R"({
    const box = document.body.appendChild(document.createElement('div'));
    box.style.cssText = 'position: absolute; width: 12px; height: 12px; background: #00f; top: )" +
         std::to_string(top) + R"(px';
    let frames = 0;
    requestAnimationFrame(function next() {
      box.style.left = 12 * frames++ + 'px';
      requestAnimationFrame(next);
    });
  })";
}

/// Code that comes at frame 0, and in three ways at frame 3.
std::map<std::string, HttpAnswer> code_server() {
  const auto script = [](const std::string& code) {
    return HttpAnswer{.type = "text/javascript", .body = code, .header_delay = 100ms};
  };
  const std::string page = R"(<!doctype html><style>body { margin: 0; background: #fff }</style><body>
    <script type="text/plain" id="text">import '/part.js'; )" +
                           moving_at(60) + R"(</script><script type="module">
      const add = (script) => document.body.append(Object.assign(document.createElement('script'), script));
      import('/first.js');
      setTimeout(() => {
        import('/later.js');
        add({src: '/classic.js'});
        add({type: 'module', textContent: text.textContent});
      }, 95);
    </script>)";
  return {{"/page", {.body = page}},
          {"/first.js", script("import '/part.js'; import('/deep.js');" + moving_at(0))},
          {"/deep.js", script(moving_at(80))},
          {"/later.js", script("import '/part.js';" + moving_at(20))},
          {"/classic.js", script(moving_at(40))},
          {"/part.js", script("export default 1;")}};
}

/// How far the box has come in a row of the picture; -1 if there is none.
int place_of_box(const std::string& picture, std::size_t top) {
  for (std::size_t x = 0; x < 320; ++x) {
    if (colour_at(picture, x, top + 6) == "#0000ff") return static_cast<int>(x);
  }
  return -1;
}

/// Boxes of /page, by their place from the top: those that begin with the film, and those that begin at frame 3.
void check_boxes(const HttpServer& server, const std::vector<std::int64_t>& starts, const std::vector<std::size_t>& at_once,
                 const std::vector<std::size_t>& later) {
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const std::int64_t first : starts) {
      CAPTURE(to_string(mode), first);
      REQUIRE(error_of(studio.load(server.url("/page"), {first, 8})) == "");
      for (std::int64_t frame = first; frame < 8; ++frame) {
        CAPTURE(frame);
        const auto picture = studio.pictures({frame}).front();
        for (const std::size_t top : at_once) CHECK(place_of_box(picture, top) == 12 * frame);
        for (const std::size_t top : later) CHECK(place_of_box(picture, top) == (frame < 3 ? -1 : 12 * (frame - 3)));
      }
    }
  }
}

}  // namespace

TEST_CASE("capture: code that comes later begins in the frame that asked for it", "[capture][waiting]") {
  const HttpServer server(code_server());
  check_boxes(server, {0, 2, 6}, {0, 80}, {20, 40, 60});
}

namespace {

/// At frame 3 code is asked for in three ways; the animation frame callback of that frame goes on with messages to itself until
/// all of it has come, which is thus in the middle of the step.
std::map<std::string, HttpAnswer> busy_code_server() {
  const auto script = [](const std::string& code) {
    return HttpAnswer{.type = "text/javascript", .body = "window.came += 1;" + code, .header_delay = 60ms};
  };
  const std::string page = R"(<!doctype html><style>body { margin: 0; background: #fff }</style><body><script>
      window.came = 0;
      let isAsked = false;
      const {port1, port2} = new MessageChannel();
      port1.onmessage = () => window.came < 3 && port2.postMessage(0);
      requestAnimationFrame(function next() {
        if (isAsked && window.came < 3) port2.postMessage(0);
        requestAnimationFrame(next);
      });
      )" + moving_at(0) + R"(
      setTimeout(() => {
        isAsked = true;
        import('/import.js');
        document.body.append(Object.assign(document.createElement('script'), {src: '/classic.js'}));
        document.body.append(Object.assign(document.createElement('script'), {src: '/module.js', type: 'module'}));
      }, 95);
    </script>)";
  return {{"/page", {.body = page}},
          {"/import.js", script(moving_at(20))},
          {"/classic.js", script(moving_at(40))},
          {"/module.js", script(moving_at(60))}};
}

}  // namespace

TEST_CASE("capture: code that comes in the middle of a step begins in its frame, and the page's own loop has one turn",
          "[capture][waiting]") {
  const HttpServer server(busy_code_server());
  check_boxes(server, {0, 3, 6}, {0}, {20, 40, 60});
}

namespace {

/// Loops of code that is loaded, then an animation frame, each turn 12 px: from the load on, and from a timer of frame 3 on.
/// Beside them one of animation frames alone, at the top.
const std::string code_loops = R"(<!doctype html><style>body { margin: 0; background: #fff }</style><body><script>
    let count = 0;
    const scriptOf = (kind) => new Promise((resolve) => {
      const script = Object.assign(document.createElement('script'), {src: '/part.js?' + count++, onload: resolve, ...kind});
      document.head.append(script);
    });
    const ways = [() => {}, () => import('/part.js?' + count++), () => scriptOf({}), () => scriptOf({type: 'module'})];
    if (self.origin === 'null') ways[1] = ways[3] = ways[2];  // modules are for one's own origin only
    const run = async (way, top) => {
      const box = document.body.appendChild(document.createElement('div'));
      box.style.cssText = `position: absolute; width: 12px; height: 12px; left: -12px; background: #00f; top: ${top}px`;
      for (let turns = 0; ; turns += 1) {
        await way();
        await new Promise(requestAnimationFrame);
        box.style.left = 12 * turns + 'px';
      }
    };
    ways.forEach((way, index) => run(way, 20 * index));
    setTimeout(() => ways.forEach((way, index) => run(way, 80 + 20 * index)), 95);
  </script>)";

}  // namespace

TEST_CASE("capture: a loop of code that is loaded and an animation frame has one turn a frame", "[capture][waiting]") {
  const auto framed = [](const std::string& kind, const std::string& path) {
    return HttpAnswer{.body =
                          "<!doctype html><style>body{margin:0}iframe{border:0;width:320px;height:180px;display:block}</style>"
                          "<body><script>const other = location.origin.replace('127.0.0.1', 'localhost');"
                          "document.body.append(Object.assign(document.createElement('iframe'), {" +
                          kind + "src: " + path + "}))</script>"};
  };
  std::map<std::string, HttpAnswer> answers{{"/page", {.body = code_loops}},
                                            {"/framed", framed("", "'/page'")},
                                            {"/sandboxed", framed("sandbox: 'allow-scripts', ", "'/page'")},
                                            {"/foreign", framed("", "other + '/page'")},
                                            {"/around", framed("", "other + '/framed'")},
                                            {"/twice", framed("sandbox: 'allow-scripts', ", "'/foreign'")}};
  for (int i = 0; i < 100; ++i) {
    answers["/part.js?" + std::to_string(i)] = {.type = "text/javascript", .body = "window.came = 1"};
  }
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const char* page : {"/page", "/framed", "/sandboxed", "/foreign", "/around", "/twice"}) {
      for (const std::int64_t first : {0, 5}) {
        CAPTURE(to_string(mode), page, first);
        REQUIRE(error_of(studio.load(server.url(page), {first, 8})) == "");
        for (std::int64_t frame = first; frame < 8; ++frame) {
          CAPTURE(frame);
          const auto picture = studio.pictures({frame}).front();
          for (const std::size_t top : {0, 20, 40, 60}) CHECK(place_of_box(picture, top) == 12 * frame);
          for (const std::size_t top : {80, 100, 120, 140}) {
            CHECK(place_of_box(picture, top) == (frame < 3 ? -1 : 12 * (frame - 3)));
          }
        }
      }
    }
  }
}

namespace {

/// At frame 3 a timer asks for a style sheet, a picture, a frame, sound and a font; the load event of each begins a box.
std::map<std::string, HttpAnswer> load_event_server() {
  const std::string page =
      R"(<!doctype html><style>body { margin: 0; background: #fff } b { position: absolute; left: 200px }</style>
    <body><script>
      const begin = (top) => {
        const box = document.body.appendChild(document.createElement('div'));
        box.style.cssText = `position: absolute; width: 12px; height: 12px; left: -12px; background: #00f; top: ${top}px`;
        let turns = 0;
        requestAnimationFrame(function next() {
          box.style.left = 12 * turns++ + 'px';
          requestAnimationFrame(next);
        });
      };
      setTimeout(() => {
        document.head.append(Object.assign(document.createElement('link'), {rel: 'stylesheet', href: '/a.css', onload: () => begin(0)}));
        document.body.insertAdjacentHTML('beforeend', `<img src='/a.svg' onload='begin(20)' style='position: absolute; left: 250px'>`);
        document.body.append(Object.assign(document.createElement('iframe'), {src: '/inner', onload: () => begin(40), style: 'border: 0'}));
        document.body.append(Object.assign(document.createElement('audio'), {src: '/a.wav', onloadeddata: () => begin(80)}));
        document.fonts.onloadingdone = () => begin(60);
        document.body.append(Object.assign(document.createElement('style'), {
          textContent: '@font-face { font-family: late; src: url(/font.ttf) } b { font-family: late }'}));
        document.body.append(Object.assign(document.createElement('b'), {textContent: 'a'}));
      }, 95);
    </script>)";
  const std::string font = read_file(ORCHESTRATOR_SOURCE_DIR "/tests/pages/bars.ttf");
  const std::string sound =
      std::string("RIFF\xa4\x1f\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\x80\x1f\0\0", 44) +
      std::string(8064, '\0');  // half a second of silence at 8 kHz
  const std::string picture = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
  return {{"/page", {.body = page}},
          {"/a.css", {.type = "text/css", .body = "p { margin: 0 }", .header_delay = 60ms}},
          {"/a.svg", {.type = "image/svg+xml", .body = picture, .header_delay = 60ms}},
          {"/a.wav", {.type = "audio/wav", .body = sound, .header_delay = 60ms}},
          {"/inner", {.body = "<!doctype html>", .header_delay = 60ms}},
          {"/font.ttf", {.type = "font/ttf", .body = font, .header_delay = 60ms}}};
}

}  // namespace

TEST_CASE("capture: what a timer asks for is there before the animation frames of its frame", "[capture][waiting]") {
  const HttpServer server(load_event_server());
  check_boxes(server, {0, 3, 6}, {}, {0, 20, 40, 60, 80});
}

TEST_CASE("capture: a page may say how it is driven in code that it loads later", "[capture][waiting]") {
  const HttpServer server({{"/page", {.body = "<script type=module>import('/scene.js')</script>"}},
                           {"/scene.js",
                            {.type = "text/javascript",
                             .body = "window.renderFrame = (frame) => { document.body.style.background = `rgb(9 ${frame} 9)` }",
                             .header_delay = 200ms}}});
  Studio studio(CaptureMode::screenshot);
  const auto loaded = studio.load(server.url("/page"), {0, 8});
  REQUIRE(error_of(loaded) == "");
  CHECK(loaded->contract == "renderFrame");
  CHECK(colour_at(studio.pictures({7}).front(), 9, 9) == "#090709");
}

TEST_CASE("capture: a script that never comes is given up, and named", "[capture][waiting]") {
  const HttpServer server({{"/page", {.body = R"(<body><script>
                               setTimeout(() => {
                                 document.body.append(Object.assign(document.createElement('script'), {src: '/never.js?1'}));
                                 document.body.style.background = '#0f0';
                               }, 50);
                             </script>)"}},
                           {"/never.js?1", {.header_delay = 1h}}});
  Studio studio(CaptureMode::shm);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 8})) == "");
  const auto pictures = studio.pictures({1, 2, 3, 4});
  CHECK(colour_at(pictures[1], 9, 9) == "#00ff00");
  CHECK(contains(studio.log(), "Script " + server.url("/never.js?1") + " has not ended for 5 s"));
}

TEST_CASE("capture: a page that goes elsewhere at once is followed, in whatever way it does it", "[capture][waiting]") {
  std::map<std::string, HttpAnswer> answers{{"/next", {.body = "<body style='background: #0f0'>", .header_delay = 200ms}}};
  answers["/refresh"] = {.body = "<meta http-equiv=refresh content='0;url=/next'><body>"};
  answers["/replace"] = {.body = "<script>location.replace('/next')</script>"};
  answers["/onload"] = {.body = "<script>onload = () => { location.href = '/next' }</script>"};
  answers["/form"] = {.body = "<form action='/next' method=get></form><script>document.forms[0].submit()</script>"};
  answers["/next?"] = answers["/next"];
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const char* way : {"/refresh", "/replace", "/onload", "/form"}) {
      CAPTURE(to_string(mode), way);
      REQUIRE(error_of(studio.load(server.url(way), {0, 2})) == "");
      CHECK(colour_at(studio.pictures({1}).front(), 9, 9) == "#00ff00");
    }
  }
}
