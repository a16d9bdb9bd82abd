// A video's picture is drawn on a canvas inside the video (ADR 0024): it looks as the video's own surface does, in whatever
// style, and where it cannot, the surface is shown. Three inner things of Chromium's are relied on: that a text track container
// is laid out in a video, that backface-visibility makes it a layer in the flow's order, and that object-view-box puts the
// surface out of view.
#include "support/await.hpp"
#include "support/console_lines.hpp"
#include "support/contains.hpp"
#include "support/film_pages.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
constexpr std::size_t width = 320;

/// A second of a test picture of 72x48, in the colours that the surface shows right.
void make_film(const std::string& path, const std::string& filter, const std::vector<std::string>& codec) {
  SpawnOptions ffmpeg;
  ffmpeg.argv = {"ffmpeg", "-y", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=72x48:rate=30:duration=1," + filter};
  ffmpeg.argv.insert(ffmpeg.argv.end(), codec.begin(), codec.end());
  for (const char* word : {"-color_primaries", "smpte170m", "-color_trc", "smpte170m", "-colorspace", "smpte170m"}) {
    ffmpeg.argv.emplace_back(word);
  }
  ffmpeg.argv.push_back(path);
  const auto made = await(run_program(std::move(ffmpeg)));
  REQUIRE((made.has_value() && made->status.success()));
}

const std::vector<std::string> h264{"-c:v", "libx264", "-qp", "1", "-pix_fmt", "yuv420p"};
const std::vector<std::string> vp9_alpha{"-c:v", "libvpx-vp9", "-crf", "10", "-b:v", "0", "-pix_fmt", "yuva420p"};

/// How many pixels differ by more than `most`.
std::size_t differing(const std::string& one, const std::string& other, int most) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < one.size(); i += 4) {
    int largest = 0;
    for (std::size_t channel = i; channel < i + 3; ++channel) {
      largest =
          std::max(largest, std::abs(static_cast<unsigned char>(one[channel]) - static_cast<unsigned char>(other.at(channel))));
    }
    count += largest > most ? 1 : 0;
  }
  return count;
}

/// The cell of 80x45 px with that number; there are four in a row.
std::string cell_of(const std::string& picture, std::size_t cell) {
  std::string pixels;
  for (std::size_t line = cell / 4 * 45; line < (cell / 4 + 1) * 45; ++line) {
    pixels += picture.substr((line * width + cell % 4 * 80) * 4, std::size_t{80} * 4);
  }
  return pixels;
}

/// A page of up to sixteen cells, which tells in each frame which videos are drawn, and which are on their surfaces.
std::string page_of_cells(const std::vector<std::string>& cells, const std::string& style) {
  std::string page = R"(<!doctype html><style>
    body { margin: 0; background: linear-gradient(90deg, #eee, #68a); font: 16px sans-serif }
    .cell { position: absolute; width: 80px; height: 45px; overflow: hidden }
    .pulled::after { content: 'over'; display: block; margin-top: -30px; color: red }
    .arrow::after { content: '>' }
    .clear::after { content: ''; display: table; clear: both }
    b { font-size: 25px; color: red }
    p { background: red }
    video { width: 76px; height: 42px; )" +
                     style + "}</style>";
  for (std::size_t i = 0; i < cells.size(); ++i) {
    page += "<div class=cell style='left:" + std::to_string(i % 4 * 80) + "px;top:" + std::to_string(i / 4 * 45) + "px'>" +
            cells[i] + "</div>";
  }
  return page + R"(<script>
    for (const text of document.querySelectorAll('.late')) {
      const cue = new VTTCue(0, 9, 'late');
      setTimeout(() => { const track = text.addTextTrack('captions'); track.mode = 'showing'; track.addCue(cue); }, 50);
    }
    const wayOf = (video) => (getComputedStyle(video).objectViewBox.includes('200%') ? 'drawn' : 'surface');
    requestAnimationFrame(function look() {
      requestAnimationFrame(look);
      console.log([...document.querySelectorAll('video')].map(wayOf).join(' '));
    });</script>)";
}

std::string film(const std::string& style, const std::string& file = "film.mp4") {
  return "<video muted autoplay src=" + file + " style='" + style + "'></video>";
}

struct Shown {
  std::string picture{};
  std::string ways{};  ///< of each video
  std::string log{};
};

/// Frame 5 of the cells, with `style` for all videos.
Shown show(Studio& studio, const std::vector<std::string>& cells, const std::string& style) {
  const std::string page = studio.file("page.html", page_of_cells(cells, style));
  const std::string folder = page.substr(0, page.rfind('/') + 1);
  if (!std::filesystem::exists(folder + "film.mp4")) {
    make_film(folder + "film.mp4", "null", h264);
    make_film(folder + "clear.webm", "format=yuva420p,geq=lum=lum(X\\,Y):cb=cb(X\\,Y):cr=cr(X\\,Y):a=X*3", vp9_alpha);
  }
  const std::size_t told = studio.log().size();
  const auto loaded = studio.load(studio.serve(page, [](const std::string&) { return std::chrono::milliseconds(0); }), {0, 6});
  INFO(error_of(loaded));
  REQUIRE(loaded.has_value());
  Shown shown{.picture = studio.pictures({0, 1, 4, 5}).back(), .log = studio.log().substr(told)};
  std::string lines = console_lines(shown.log, "log");
  lines.erase(lines.size() - 1);
  shown.ways = lines.substr(lines.rfind('\n') + 1);
  return shown;
}

/// A view box of the page's makes the runtime leave the surfaces to the browser. This one cuts nothing off.
constexpr const char* on_surfaces = "object-view-box:inset(0)";

std::string ways(std::size_t count, const std::string& way) {
  std::string text = way;
  for (std::size_t i = 1; i < count; ++i) text += " " + way;
  return text;
}

/// What is rounded and scaled in another way differs by less than 40 except at a few pixels of a rounded edge, and few pixels
/// differ by more than 16. A video that lies one pixel elsewhere differs by more than 40 in some hundred pixels.
void check_alike(const std::vector<std::string>& cells) {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const Shown drawn = show(studio, cells, "");
    CHECK(drawn.ways == ways(cells.size(), "drawn"));
    CHECK_FALSE(contains(drawn.log, "is shown as Chromium shows it"));
    const Shown shown = show(studio, cells, on_surfaces);
    CHECK(shown.ways == ways(cells.size(), "surface"));
    CHECK(contains(shown.log, "is shown as Chromium shows it, because of an object-view-box"));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      CAPTURE(i, cells[i]);
      CHECK(differing(cell_of(drawn.picture, i), cell_of(shown.picture, i), 40) < 4);
      CHECK(differing(cell_of(drawn.picture, i), cell_of(shown.picture, i), 16) < 50);
    }
  }
}

}  // namespace

TEST_CASE("video pictures: they lie where the browser shows the video, and as it does, in every style", "[capture][media]") {
  const std::vector<std::string> styles = GENERATE(
      std::vector<std::string>{
          "", "object-fit:contain;background:#0a0", "object-fit:cover", "object-fit:fill", "object-fit:none",
          "object-fit:scale-down;background:red", "object-fit:contain;object-position:20% 90%;background:#00f",
          "object-fit:none;object-position:calc(100% - 5px) 3px",
          "padding:5px 10px 2px 1px;border:3px solid red;background:#ff0;box-sizing:border-box",
          "border-radius:20px;border:2px solid #00f;box-sizing:border-box;object-fit:cover", "transform:rotate(20deg)",
          "opacity:.5", "filter:hue-rotate(90deg) blur(1px)", "mix-blend-mode:difference",
          "transform:perspective(150px) rotateY(40deg)", "clip-path:circle(40%)"},
      std::vector<std::string>{
          "mask-image:linear-gradient(black,transparent)", "position:relative;left:.4px;top:.6px;width:75.5px", "zoom:.7",
          "outline:2px dashed green;box-shadow:0 0 4px black", "zoom:1.7;width:33.3px;height:21.7px",
          "zoom:1.3;width:51px;height:31px", "-webkit-box-reflect:below 2px;height:20px",
          "transform-style:preserve-3d;transform:rotateY(180deg)", "backface-visibility:hidden;transform:rotateY(180deg)",
          "will-change:transform;object-fit:fill", "image-rendering:pixelated;object-fit:fill",
          "writing-mode:vertical-rl;direction:rtl", "float:right", "display:block;margin:3px auto;width:50%;height:auto",
          "position:absolute;inset:2px;width:auto;height:auto", "object-fit:cover;aspect-ratio:1;height:auto"});
  std::vector<std::string> cells;
  for (const std::string& style : styles) cells.push_back(film(style));
  check_alike(cells);
}

TEST_CASE("video pictures: what lies over and under a video stays there, and what is transparent in it", "[capture][media]") {
  const std::string box = "width:40px;height:25px;";
  check_alike({
      "<p style='position:absolute;margin:9px;background:red;" + box + "'></p>" + film(""),
      film("") + "<p style='position:absolute;top:5px;margin:9px;background:red;" + box + "'></p>",
      film("") + "<p style='position:absolute;top:5px;margin:9px;z-index:-1;background:red;" + box + "'></p>",
      film("position:relative;z-index:1") + "<p style='position:absolute;top:5px;margin:9px;background:red;" + box + "'></p>",
      "<p style='margin:0 0 -20px;background:red;" + box + "'></p>" + film("display:block"),
      film("position:relative") + "<p style='margin:-30px 0 0;background:red;" + box + "'></p>",
      film("", "clear.webm"),
      film("display:block;background:red", "clear.webm"),
      "<div style='opacity:.5'>" + film("", "clear.webm") + "</div>",
      "<video muted autoplay src=film.mp4 class=late></video>",
      "<div style='overflow:hidden;border-radius:20px;width:60px;height:40px'>" + film("") + "</div>",
      "<svg width=80 height=45><foreignObject width=80 height=45 transform='rotate(9)'>" + film("") + "</foreignObject></svg>",
  });
}

TEST_CASE("video pictures: what lies beside a video, and not on it, keeps none from being drawn", "[capture][media]") {
  check_alike({
      "<h1 style='font:20px/1 sans-serif;margin:0'>gyp</h1>" + film("display:block"),
      "<div style='display:flex'><i>x</i>" + film("width:30px") + "<i>after</i></div>",
      "<figure style='margin:0'>" + film("height:20px;display:block") + "<figcaption>under</figcaption></figure>",
      "<a class=arrow>go</a>" + film("width:40px"),
      "<div class=clear>" + film("float:left") + "</div>",
      "<div style='display:grid;grid-template-columns:1fr 1fr'>" + film("width:30px") + "<i>two</i></div>",
      "<button style='outline:1px solid red;margin:3px'>a</button>" + film("width:30px"),
      "a text " + film("width:30px") + " and more",
  });
}

TEST_CASE("video pictures: one that something in the flow may lie on is left to the browser, and told", "[capture][media]") {
  const std::vector<std::string> cells = GENERATE(
      std::vector<std::string>{
          film("display:block") + "<p style='margin:-30px 0 0'>over</p>",
          film("margin-bottom:-30px;vertical-align:bottom") + "<br>over",
          "<div style='height:20px'>" + film("") + "</div>over",
          film("outline:3px solid red;outline-offset:-8px"),
          "<div style='outline:4px solid red;outline-offset:-8px;width:76px;height:42px'>" + film("") + "</div>",
          "<a style='outline:4px solid red;outline-offset:-8px;display:inline-block'>" + film("") + "</a>",
          "<div style='height:30px;margin-bottom:-25px;outline:4px solid red;outline-offset:-2px'></div>" + film("display:block"),
          "<div class=pulled>" + film("display:block") + "</div>",
          film("display:block") + "<p style='z-index:2;margin:-30px 0 0'>over</p>",
          film("display:block;z-index:1") + "<p style='margin:-30px 0 0'>over</p>",
          film("display:block") +
              "<div style='height:0;font-size:40px;line-height:0'><span style='transform:scale(1)'>Over</span></div>",
          "<div style='height:16px'>text over float</div>" + film("float:left;margin-top:-20px"),
      },
      std::vector<std::string>{
          "<div style='display:flex;flex-direction:column-reverse'><b style='margin-top:-30px'>Rev</b>" + film("") + "</div>",
          "<div style='display:grid'><b style='grid-area:1/1;order:1'>Grid</b>" + film("grid-area:1/1") + "</div>",
          "<div style='display:flex'>" + film("order:2;margin-left:-60px") + "<b>Hello</b></div>",
          film("display:block") + "<div style='height:0'><template shadowrootmode=open><b "
                                  "style='display:block;margin-top:-30px'>Tree</b></template></div>",
          film("display:block") + "<div style='height:0;text-shadow:0 -30px red;color:transparent;font-size:20px'>shadow</div>",
          film("overflow:visible;width:30px;height:20px;margin-left:40px"),
          film("overflow:visible;transform-style:preserve-3d;transform:rotateY(180deg)"),
          film("object-fit:none;object-position:min(50%, 3px) 0"),
      });
  Studio studio(CaptureMode::screenshot);
  const Shown shown = show(studio, cells, "");
  CHECK(shown.ways == ways(cells.size(), "surface"));
  CHECK(contains(shown.log, "film.mp4 is shown as Chromium shows it, because something without a position may lie on it"));
  const std::string right = show(studio, cells, on_surfaces).picture;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    CAPTURE(i, cells[i]);
    CHECK(cell_of(shown.picture, i) == cell_of(right, i));
  }
}

TEST_CASE("video pictures: a caption that comes later lies on the picture", "[capture][media]") {
  Studio studio(CaptureMode::screenshot);
  const std::string style = "position:fixed;inset:0;width:320px;height:180px";
  const Shown plain = show(studio, {film("")}, style);
  const Shown late = show(studio, {"<video muted autoplay src=film.mp4 class=late></video>"}, style);
  CHECK(plain.ways == "drawn");
  CHECK(late.ways == "drawn");
  CHECK(differing(plain.picture, late.picture, 40) > 100);
}

TEST_CASE("video pictures: a strict render ends at the frame in which one is left to the browser", "[capture][media]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("page.html", page_of_cells({film("overflow:visible")}, ""));
  make_film(page.substr(0, page.rfind('/') + 1) + "film.mp4", "null", h264);
  const std::string url = studio.serve(page, [](const std::string&) { return std::chrono::milliseconds(0); });
  REQUIRE(error_of(studio.load(url, {0, 1}, {}, {.strict = true})) == "");
  const auto frame = studio.take(0);
  REQUIRE_FALSE(frame.has_value());
  CHECK(contains(frame.error().message(), "film.mp4 is shown as Chromium shows it, because of its overflow: visible"));
}

TEST_CASE("video pictures: videos that move, go, come back, get another source or are many show their frames",
          "[capture][media]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(served_with_films(studio, "video_moves.html"), {0, 12}).has_value());
    for (int frame = 0; frame < 12; ++frame) {
      CAPTURE(frame);
      const std::string picture = studio.pictures({frame}).front();
      CHECK(number_in(picture, 0) == frame);                                                        // goes to another element
      CHECK(number_in(picture, 1) == (frame < 6 ? frame : frame - 6));                              // gets another source
      if (frame < 3 || frame > 5) CHECK(number_in(picture, 2) == (frame < 3 ? frame : frame - 3));  // is out of the document
      CHECK(number_in(picture, 3) == frame);                                                        // in a frame
      CHECK(number_in(picture, 4) == frame);  // the last of twenty that come at once
      CHECK(number_in(picture, 5) == frame);  // in a shadow tree
      if (frame != 3)
        CHECK(number_in(picture, 6) == (frame < 3 ? 0 : 255));  // gets a poster, which loads in the next frame at the latest
      CHECK(number_in(picture, 7) == frame);                    // in the top layer
      CHECK(number_in(picture, 8) == frame);                    // gets a view box
    }
    CHECK(console_lines(studio.log(), "log") == "2 of 28 by their surfaces\n");
  }
}
