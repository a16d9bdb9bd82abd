// <iframe>s that go away while they are stepped: a document that has gone calls nothing back any more, and nobody waits for it.
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
constexpr std::int64_t last_frame = 9;

/// How the red document in an <iframe> goes: `script` runs in it; at frame 4 it is gone. `observe` keeps its steps waiting.
struct Way {
  const char* name;
  const char* script;
  const char* behind{"\xff\xff\xff"};  ///< what is there then: B, G, R
};

constexpr Way ways[] = {
    {"removes itself", "observe(); setTimeout(() => requestAnimationFrame(() => frameElement.remove()), 70)"},
    {"removes itself behind a request",
     "setTimeout(async () => { await (await fetch('/text')).text(); frameElement.remove() }, 70)"},
    {"removes itself behind a canvas",
     "setTimeout(() => document.createElement('canvas').toBlob(() => frameElement.remove()), 70)"},
    {"removes itself while it is told",
     "new ResizeObserver(() => setTimeout(() => frameElement.remove(), 70)).observe(document.body)"},
    {"goes elsewhere", "observe(); setTimeout(() => location.replace('/green'), 70)", "\x00\x80\x00"},
    {"shows another text", "observe(); setTimeout(() => { frameElement.srcdoc = '<style>*{background:green}</style>' }, 70)",
     "\x00\x80\x00"},
    {"goes to another origin", "observe(); setTimeout(() => location.replace('data:text/html,<body bgcolor=green>'), 70)",
     "\x00\x80\x00"},
    {"is removed by a frame in it",
     "const inner = document.body.appendChild(document.createElement('iframe'));"
     "inner.contentWindow.setTimeout(() => { inner.contentWindow.requestAnimationFrame(() => frameElement.remove()) }, 70);"
     "new inner.contentWindow.ResizeObserver(() => {}).observe(inner.contentDocument.documentElement)"},
};

std::string inner_of(const Way& way) {
  return std::string(R"(<!doctype html><style>html { background: #f00 }</style><body><script>
    const observe = () => new ResizeObserver(() => {}).observe(document.body);)") +
         way.script + "</script>";
}

/// A blue square moves 12 px a frame, by animation frames, below the <iframe>, which is there from the start.
std::string page_of(const std::string& path) {
  return R"(<!doctype html><style>
      body { margin: 0; background: #fff }
      iframe { position: absolute; left: 0; top: 0; width: 310px; height: 40px; border: 0 }
      p { position: absolute; margin: 0; top: 60px; width: 12px; height: 12px; background: #00f; left: -12px }
    </style><iframe src=")" +
         path + R"("></iframe><p></p><script>
      let count = -1;
      const step = () => {
        count += 1;
        document.querySelector('p').style.left = count * 12 + 'px';
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    </script>)";
}

std::string colour_at(const std::string& picture, std::size_t x, std::size_t y) { return picture.substr((y * 320 + x) * 4, 3); }

}  // namespace

TEST_CASE("capture: a frame that goes away while it is stepped does not hold up the page", "[capture][waiting]") {
  std::map<std::string, HttpAnswer> answers{{"/text", {.body = "text", .header_delay = 50ms}},
                                            {"/green", {.body = "<style>*{background:green}</style>", .header_delay = 50ms}}};
  std::size_t number = 0;
  for (const Way& way : ways) {
    const std::string name = std::to_string(number++);
    answers["/inner" + name] = {.body = inner_of(way)};
    answers["/" + name] = {.body = page_of("/inner" + name)};
  }
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (std::size_t i = 0; i < number; ++i) {
      for (const std::int64_t first : {0, 6}) {
        CAPTURE(to_string(mode), ways[i].name, first);
        REQUIRE(error_of(studio.load(server.url("/" + std::to_string(i)), {first, last_frame})) == "");
        for (std::int64_t frame = first; frame < last_frame; ++frame) {
          CAPTURE(frame);
          const auto picture = studio.pictures({frame}).front();
          CHECK(colour_at(picture, static_cast<std::size_t>(12 * frame + 6), 66) == std::string("\xff\x00\x00", 3));
          if (frame < 2) CHECK(colour_at(picture, 20, 20) == std::string("\x00\x00\xff", 3));
          if (frame >= 4) CHECK(colour_at(picture, 20, 20) == std::string(ways[i].behind, 3));
        }
      }
    }
  }
}
