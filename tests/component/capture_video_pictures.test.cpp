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

/// A page of up to sixteen cells, which tells in each frame whose the videos' object-view-box is.
std::string page_of_cells(const std::vector<std::string>& cells, const std::string& style) {
  std::string page =
      "<!doctype "
      "html><style>body{margin:0;background:linear-gradient(90deg,#eee,#68a)}.cell{position:absolute;width:80px;height:45px;"
      "overflow:hidden}video{width:76px;height:42px;" +
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
    const ours = (video) => (getComputedStyle(video).objectViewBox.includes('200%') ? 'ours' : 'not');
    requestAnimationFrame(function look() {
      requestAnimationFrame(look);
      console.log('boxes ' + [...document.querySelectorAll('video')].map(ours).join(' '));
    });</script>)";
}

std::string all_ours(std::size_t count) {
  std::string boxes = "boxes";
  for (std::size_t i = 0; i < count; ++i) boxes += " ours";
  return boxes;
}

std::string film(const std::string& style, const std::string& file = "film.mp4") {
  return "<video muted autoplay src=" + file + " style='" + style + "'></video>";
}

/// Frame 5 of the cells, with `style` for all videos.
std::string picture_of(Studio& studio, const std::vector<std::string>& cells, const std::string& style) {
  const std::string page = studio.file("page.html", page_of_cells(cells, style));
  const std::string folder = page.substr(0, page.rfind('/') + 1);
  if (!std::filesystem::exists(folder + "film.mp4")) {
    make_film(folder + "film.mp4", "null", h264);
    make_film(folder + "clear.webm", "format=yuva420p,geq=lum=lum(X\\,Y):cb=cb(X\\,Y):cr=cr(X\\,Y):a=X*3", vp9_alpha);
  }
  const auto loaded = studio.load(studio.serve(page, [](const std::string&) { return std::chrono::milliseconds(0); }), {0, 6});
  INFO(error_of(loaded));
  REQUIRE(loaded.has_value());
  return studio.pictures({0, 1, 5}).back();
}

/// A view box of the page's makes the runtime leave the surfaces to the browser. This one cuts nothing off.
constexpr const char* on_surfaces = "object-view-box:inset(0)";

/// What is rounded and scaled in another way differs by less than 40 except at a few pixels of a rounded edge, and few pixels
/// differ by more than 16. A video that lies one pixel elsewhere differs by more than 40 in some hundred pixels.
void check_alike(const std::vector<std::string>& cells) {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string drawn = picture_of(studio, cells, "");
    CAPTURE(studio.log());
    CHECK(contains(studio.log(), all_ours(cells.size())));
    CHECK_FALSE(contains(studio.log(), "is shown as Chromium shows it"));
    const std::string shown = picture_of(studio, cells, on_surfaces);
    CHECK(contains(studio.log(), "is shown as Chromium shows it, because of its object-view-box"));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      CAPTURE(i, cells[i]);
      CHECK(differing(cell_of(drawn, i), cell_of(shown, i), 40) < 4);
      CHECK(differing(cell_of(drawn, i), cell_of(shown, i), 16) < 50);
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
          "outline:2px dashed green;box-shadow:0 0 4px black", "-webkit-box-reflect:below 2px;height:20px",
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

TEST_CASE("video pictures: one that something in the flow lies on is left to the browser, and told", "[capture][media]") {
  const std::string cell = GENERATE(film("display:block") + "<p style='margin:-30px 0 0;background:red'>over</p>",
                                    film("margin-bottom:-30px;vertical-align:bottom") + "<br>over",
                                    "<div style='height:20px'>" + film("") + "</div>over");
  CAPTURE(cell);
  Studio studio(CaptureMode::screenshot);
  const std::string shown = picture_of(studio, {cell}, "");
  CHECK(contains(studio.log(), "film.mp4 is shown as Chromium shows it, because something without a position lies on it"));
  CHECK(shown == picture_of(studio, {cell}, on_surfaces));
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
    }
    CHECK(console_lines(studio.log(), "log") == "0 of 25 by their surfaces\n");
  }
}
