// <iframe>s that come in while the film runs: each is there in the frame in which it comes in, and its clock starts then.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// A red square moves 12 px a frame by CSS, a blue one below it by performance.now(); both from the left edge on.
const std::string inner = R"(<!doctype html><style>
    body { margin: 0; background: #fff }
    @keyframes move { from { left: 0 } to { left: 360px } }
    div { position: absolute; top: 0; width: 12px; height: 12px; background: #f00; animation: move 1s linear both }
    p { position: absolute; margin: 0; top: 20px; width: 12px; height: 12px; background: #00f; left: 0 }
  </style><div></div><p></p><script>
    const start = performance.now();
    const step = () => {
      document.querySelector('p').style.left = Math.round((performance.now() - start) * 0.36) + 'px';
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  </script>)";

/// How an <iframe> comes to show `inner`: `add` runs at frame 3.
struct Way {
  const char* name;
  const char* add;
};

constexpr Way ways[] = {
    {"srcdoc", "frame.srcdoc = text; document.body.append(frame)"},
    {"blob", "frame.src = URL.createObjectURL(new Blob([text], {type: 'text/html'})); document.body.append(frame)"},
    {"slow", "frame.src = '/inner'; document.body.append(frame)"},
    {"touched", "frame.src = '/inner'; document.body.append(frame); frame.contentWindow.mark = 1"},
    {"shadow", "document.body.attachShadow({mode: 'open'}).append(frame); frame.src = '/inner'"},
    {"nested",
     "frame.srcdoc = '<style>body{margin:0}iframe{border:0;width:300px}</style><iframe src=/inner></iframe>';"
     "document.body.append(frame)"},
    {"written", "document.body.append(frame); frame.contentDocument.write(text); frame.contentDocument.close()"},
    {"later", "document.body.append(frame); Promise.resolve().then(() => { frame.src = '/inner' })"},
    {"target",
     "frame.name = 'there'; document.body.append(frame);"
     "Object.assign(document.createElement('a'), {href: '/inner', target: 'there'}).click()"},
};

std::string page_of(const Way& way) {
  return R"(<!doctype html><style>
      body { margin: 0; background: #888 }
      iframe { position: absolute; left: 0; top: 0; width: 310px; height: 40px; border: 0 }
    </style><body><script type="text/plain" id="source">)" +
         inner.substr(0, inner.find("</script>")) + R"(<\/script></script><script>
      const text = source.textContent.replace('\\/', '/');
      setTimeout(() => {
        const frame = document.createElement('iframe');
        frame.style.cssText = 'position: absolute; left: 0; top: 0; width: 310px; height: 40px; border: 0';
        )" +
         way.add + R"(;
      }, 100);
    </script>)";
}

/// The first x in row `y` where the picture has this colour (B, G, R); -1 if none has.
int left_of(const std::string& picture, std::size_t y, const char* bgr) {
  for (std::size_t x = 0; x < 320; ++x) {
    if (picture.compare((y * 320 + x) * 4, 3, bgr, 3) == 0) return static_cast<int>(x);
  }
  return -1;
}

/// How a frame comes to an address of which the browser loads nothing: `add` runs at frame 3. `told`: what a warning names.
struct Nothing {
  const char* name;
  const char* add;
  const char* told;
};

constexpr Nothing nothings[] = {
    {"mailto", "frame.src = 'mailto:a@b'; document.body.append(frame)", "frame mailto:a@b shows nothing"},
    {"unknown", "frame.src = 'no-such-scheme:a'; document.body.append(frame)", "frame no-such-scheme:a shows nothing"},
    {"file", "frame.src = 'file:///etc/hostname'; document.body.append(frame)", "frame file:///etc/hostname shows nothing"},
    {"empty", "frame.src = '/204'; document.body.append(frame)", "/204 shows nothing"},
    {"download", "frame.src = '/zip'; document.body.append(frame)", "/zip shows nothing"},
    {"data", "frame.src = 'data:application/zip,PK'; document.body.append(frame)", "frame data:application/zip,PK shows nothing"},
    {"shadow",
     "document.body.appendChild(document.createElement('p')).attachShadow({mode: 'open'}).append(frame); frame.src = 'tel:1'",
     "frame tel:1 shows nothing"},
    {"nested",
     "frame.srcdoc = '<iframe src=/empty></iframe>'; document.body.append(frame);"
     "frame.onload = () => { setTimeout(() => { frame.contentDocument.querySelector('iframe').src = 'tel:2' }, 20) }",
     "frame tel:2 shows nothing"},
    {"later", "document.body.append(frame); frame.src = '/empty'; frame.onload = () => { frame.src = 'tel:3' }",
     "frame tel:3 shows nothing"},
    {"fragment", "document.body.append(frame); frame.src = '/empty'; frame.onload = () => { frame.src = '/empty#there' }",
     nullptr},
};

/// A blue square moves 12 px a frame.
std::string page_of(const Nothing& nothing) {
  return std::string(R"(<!doctype html><style>
      @keyframes move { from { left: 0 } to { left: 360px } }
      body { margin: 0; background: #fff }
      div { position: absolute; top: 20px; width: 12px; height: 12px; background: #00f; animation: move 1s linear both }
    </style><body><div></div><script>
      const frame = document.createElement('iframe');
      frame.style.display = 'none';
      setTimeout(() => { )") +
         nothing.add + "; }, 100);</script>";
}

}  // namespace

TEST_CASE("capture: a frame that comes in late is there at once, and moves from then on", "[capture][waiting]") {
  std::map<std::string, HttpAnswer> answers{{"/inner", {.body = inner, .header_delay = 150ms}}};
  for (const Way& way : ways) answers[std::string("/") + way.name] = {.body = page_of(way)};
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const Way& way : ways) {
      for (const std::int64_t first : {1, 7}) {
        CAPTURE(to_string(mode), way.name, first);
        const std::string url = server.url(std::string("/") + way.name);
        REQUIRE(error_of(studio.load(url, {first, 9})) == "");
        for (std::int64_t frame = first; frame < 9; ++frame) {
          CAPTURE(frame);
          const auto picture = studio.pictures({frame}).front();
          const int expected = frame < 3 ? -1 : 12 * static_cast<int>(frame - 3);
          CHECK(left_of(picture, 6, "\x00\x00\xff") == expected);
          CHECK(left_of(picture, 26, "\xff\x00\x00") == expected);
        }
      }
    }
  }
}

TEST_CASE("capture: a late frame of which the browser loads nothing holds nothing up, and is told of", "[capture][waiting]") {
  std::map<std::string, HttpAnswer> answers{{"/204", {.status = 204}},
                                            {"/empty", {.body = "<!doctype html>"}},
                                            {"/zip", {.type = "application/zip", .body = "PK", .header_delay = 50ms}}};
  for (const Nothing& nothing : nothings) answers[std::string("/") + nothing.name] = {.body = page_of(nothing)};
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const Nothing& nothing : nothings) {
      CAPTURE(to_string(mode), nothing.name);
      const auto told_before = studio.log().size();
      REQUIRE(error_of(studio.load(server.url(std::string("/") + nothing.name), {0, 6}, {.frame = 10s})) == "");
      const auto pictures = studio.pictures({2, 3, 4, 5});
      for (int i = 0; i < 4; ++i) CHECK(left_of(pictures[static_cast<std::size_t>(i)], 26, "\xff\x00\x00") == 12 * (i + 2));
      const std::string told = studio.log().substr(told_before);
      CAPTURE(told);
      CHECK(contains(told, nothing.told == nullptr ? "shows nothing" : nothing.told) == (nothing.told != nullptr));
    }
  }
}
