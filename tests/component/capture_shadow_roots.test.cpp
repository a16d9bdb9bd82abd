// Animations in shadow roots that attachShadow did not make.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <map>
#include <string>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
constexpr int width = 320;
constexpr int box = 10;    // px
constexpr int boxes = 12;  // one below the other

/// Where the red box of a row begins; -1 if there is none.
int left_of_box(const std::string& picture, int row) {
  const std::string red("\0\0\xff", 3);
  for (int x = 0; x < width; ++x) {
    const std::size_t pixel = (static_cast<std::size_t>(row) * box + box / 2) * width + static_cast<std::size_t>(x);
    if (picture.compare(pixel * 4, 3, red) == 0) return x;
  }
  return -1;
}

}  // namespace

TEST_CASE("shadow roots: animations run in a root however it came to be, in sequence and from a late start", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load("shadow_roots.html", {0, 31}).has_value());
    const auto pictures = studio.pictures({4, 5, 6, 20, 30});
    CHECK(left_of_box(pictures[0], 0) == -1);
    for (int row = 0; row < boxes; ++row) {
      CAPTURE(row);
      CHECK(left_of_box(pictures[1], row) == 0);
      CHECK(left_of_box(pictures[2], row) == 8);
      CHECK(left_of_box(pictures[3], row) == 15 * 8);
    }
    REQUIRE(studio.load("shadow_roots.html", {30, 31}).has_value());
    CHECK((studio.pictures({30})[0] == pictures[4]));
  }
}

namespace {

const std::string closed_box = R"(<style>@keyframes move { to { transform: translateX(480px); } }
    b { display: block; width: 10px; height: 10px; background: #f00; animation: move 2s linear; }</style><b></b>)";

std::string closed(const std::string& inner, const std::string& attribute = "shadowrootmode=\"closed\"") {
  return "<div><template " + attribute + ">" + inner + "</template></div>";
}

/// How a document comes to have a closed shadow root with a box in its first row; `first` is the frame in which it comes in.
struct ClosedRoot {
  const char* name;
  std::string html;
  int first{0};
};

std::vector<ClosedRoot> closed_roots() {
  const std::string style =
      "<!doctype html><style>body { margin: 0; background: #000 } iframe { border: 0; display: block }</style><body>";
  const std::string inner = style + closed(closed_box);
  return {
      {"own", inner},
      {"spelt", style + closed(closed_box, "ShadowRootMode=CLOSED")},
      {"referenced", style + closed(closed_box, "shadowrootmode=\"&#99;l&#x6F;sed\"")},
      {"nested", style + closed("<div><template shadowrootmode=open>" + closed(closed_box) + "</template></div>")},
      {"frame", style + "<iframe src=/own></iframe>"},
      {"source", style + "<iframe srcdoc='" + inner + "'></iframe>"},
      {"set", style + "<script src=/set.js></script>"},
      {"written", style + "<script src=/write.js></script>"},
      {"late", style + R"(<script>setTimeout(() => {
           document.body.append(Object.assign(document.createElement('iframe'), {src: '/own'})); }, 100)</script>)",
       3},
  };
}

}  // namespace

TEST_CASE("shadow roots: animations run in closed roots that HTML declares, in sequence and from a late start", "[capture]") {
  std::map<std::string, HttpAnswer> answers;
  for (const ClosedRoot& root : closed_roots()) answers[std::string("/") + root.name] = {.body = root.html};
  answers["/set.js"] = {.type = "text/javascript", .body = "document.body.setHTMLUnsafe(`" + closed(closed_box) + "`)"};
  answers["/write.js"] = {.type = "text/javascript", .body = "document.write(`" + closed(closed_box) + "`)"};
  const HttpServer server(answers);
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const ClosedRoot& root : closed_roots()) {
      for (const std::int64_t first : {0, 3, 6}) {
        CAPTURE(to_string(mode), root.name, first);
        REQUIRE(studio.load(server.url(std::string("/") + root.name), {first, 9}).has_value());
        for (std::int64_t frame = first; frame < 9; frame += 2) {
          CAPTURE(frame);
          const int right = frame < root.first ? -1 : 8 * static_cast<int>(frame - root.first);
          CHECK(left_of_box(studio.pictures({frame})[0], 0) == right);
        }
      }
    }
    CHECK_FALSE(contains(studio.log(), "closed shadow root"));
  }
}

TEST_CASE("shadow roots: what comes in a closed one is waited for", "[capture]") {
  const std::string red =
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="#f00"/></svg>)";
  const HttpServer server({{"/page",
                            {.body = "<!doctype html><style>body { margin: 0; background: #000 }</style><body>" +
                                     closed("<img src=/picture style='display: block'>")}},
                           {"/picture", {.type = "image/svg+xml", .body = red, .header_delay = std::chrono::milliseconds(200)}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(studio.load(server.url("/page"), {0, 1}).has_value());
  CHECK(left_of_box(studio.pictures({0})[0], 0) == 0);
}

TEST_CASE("shadow roots: a closed one that a script makes of HTML while the film runs is told", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  for (const char* code : {"document.body.setHTMLUnsafe(html)", "document.body.attachShadow({mode: 'open'}).setHTMLUnsafe(html)",
                           "Document.parseHTMLUnsafe(html)"}) {
    CAPTURE(code);
    const std::string page = studio.file("closed.html", std::string(R"(<body><script>
        const html = '<p><template shadow' + 'rootmode="closed">text</template></p>';
        setTimeout(() => )") + code + ", 50)</script>");
    REQUIRE(studio.load(page, {2, 3}).has_value());
    studio.pictures({2});
    CHECK(contains(studio.log(), "HTMLUnsafe() makes a closed shadow root: its animations stand still"));
  }
}
