// Colour bars as video and in wide-gamut canvases come out as the exact matrix says, in every backend.
#include "support/await.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/studio.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

using Colour = std::array<double, 3>;
constexpr std::array<Colour, 8> bars{
    {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}, {0, 0, 0}, {128, 128, 128}, {200, 150, 120}, {40, 80, 220}}};
constexpr std::size_t width = 320;
constexpr std::size_t height = 20;
constexpr std::size_t bar = width / bars.size();

/// How R, G and B become Y, Cb and Cr (ITU-T H.273).
struct Matrix {
  const char* name;  ///< ffmpeg's
  double kr;
  double kb;
  bool full_range;
};
constexpr Matrix bt709{"bt709", 0.2126, 0.0722, false};
constexpr Matrix bt709_full{"bt709", 0.2126, 0.0722, true};
constexpr Matrix bt601{"smpte170m", 0.299, 0.114, false};
constexpr Matrix bt2020{"bt2020nc", 0.2627, 0.0593, false};

std::array<char, 3> planes_of(const Colour& colour, const Matrix& matrix) {
  const double y = matrix.kr * colour[0] + (1 - matrix.kr - matrix.kb) * colour[1] + matrix.kb * colour[2];
  const double u = (colour[2] - y) / (2 * (1 - matrix.kb));
  const double v = (colour[0] - y) / (2 * (1 - matrix.kr));
  const double luma = matrix.full_range ? y : 16 + y * 219 / 255;
  const double chroma = matrix.full_range ? 1 : 224.0 / 255;
  const auto byte = [](double value) {
    return static_cast<char>(static_cast<unsigned char>(std::lround(std::min(value, 255.0))));
  };
  return {byte(luma), byte(128 + u * chroma), byte(128 + v * chroma)};
}

/// One picture of the bars as I420.
std::string raw_picture(const Matrix& matrix) {
  std::string planes;
  for (const std::size_t plane : {0U, 1U, 2U}) {
    const std::size_t divide = plane == 0 ? 1 : 2;
    for (std::size_t line = 0; line < height / divide; ++line) {
      for (const Colour& colour : bars) planes.append(bar / divide, planes_of(colour, matrix)[plane]);
    }
  }
  return planes;
}

/// A film of the bars, a second long, without losses where the codec can.
void make_film(const std::string& path, const Matrix& matrix, std::vector<std::string> codec) {
  std::string pictures;
  for (int i = 0; i < 30; ++i) pictures += raw_picture(matrix);
  write_file(path + ".yuv", pictures);
  const std::string range = matrix.full_range ? "pc" : "tv";
  SpawnOptions ffmpeg;
  ffmpeg.argv = {"ffmpeg",       "-y",  "-v", "error",  "-f", "rawvideo", "-pix_fmt", "yuv420p",
                 "-color_range", range, "-s", "320x20", "-r", "30",       "-i",       path + ".yuv"};
  ffmpeg.argv.insert(ffmpeg.argv.end(), codec.begin(), codec.end());
  const std::string primaries = matrix.kr == bt2020.kr ? "bt2020" : matrix.name;
  for (const std::string& word :
       {std::string("-color_primaries"), primaries, std::string("-color_trc"),
        std::string(matrix.kr == bt601.kr ? "smpte170m" : "bt709"), std::string("-pix_fmt"), std::string("yuv420p"),
        std::string("-colorspace"), std::string(matrix.name), std::string("-color_range"), range, path}) {
    ffmpeg.argv.push_back(word);
  }
  const auto made = await(run_program(std::move(ffmpeg)));
  REQUIRE((made.has_value() && made->status.success()));
}

const std::vector<std::string> h264{"-c:v", "libx264", "-qp", "1"};
const std::vector<std::string> vp9{"-c:v", "libvpx-vp9", "-lossless", "1"};

/// What differs by more than rounding (of planes, of libyuv's 64ths, of the filter) in the strip that begins at `line`.
std::string differences(const std::string& picture, std::size_t line, const std::array<Colour, 8>& expected) {
  constexpr int rounding = 3;
  std::string found;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::size_t at = ((line + height / 2) * width + i * bar + bar / 2) * 4;
    for (std::size_t channel = 0; channel < 3; ++channel) {
      const int is = static_cast<unsigned char>(picture.at(at + 2 - channel));  // B, G, R
      if (std::abs(is - static_cast<int>(expected[i][channel])) <= rounding) continue;
      found += "bar " + std::to_string(i) + " channel " + std::to_string(channel) + " is " + std::to_string(is) + "; ";
    }
  }
  return found;
}

const std::string style =
    "<!doctype html><style>body{margin:0}video,canvas{position:absolute;left:0;width:320px;height:20px}</style>";

/// The films lie beside the page; a page by http may ask for the colours of its own origin's films.
std::string folder_of(const std::string& page) { return page.substr(0, page.rfind('/') + 1); }

void load(Studio& studio, const std::string& page, std::int64_t frames) {
  const std::string url = studio.serve(page, [](const std::string&) { return std::chrono::milliseconds(0); });
  const auto loaded = studio.load(url, {0, frames});
  INFO((loaded ? "" : loaded.error().message()));
  REQUIRE(loaded.has_value());
}

std::string video(const std::string& file, int top) {
  return "<video muted autoplay src='" + file + "' style='top:" + std::to_string(top) + "px'></video>";
}
std::string canvas(const std::string& id, int top) {
  return "<canvas width=320 height=20 id=" + id + " style='top:" + std::to_string(top) + "px'></canvas>";
}

}  // namespace

TEST_CASE("colour: video has the colours that its matrix says, in every codec, range and matrix", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file(
        "page.html", style + video("709.mp4", 0) + video("709.webm", 20) + video("601.mp4", 40) + video("full.mp4", 60));
    const std::string folder = folder_of(page);
    make_film(folder + "709.mp4", bt709, h264);
    make_film(folder + "709.webm", bt709, vp9);
    make_film(folder + "601.mp4", bt601, h264);
    make_film(folder + "full.mp4", bt709_full, h264);
    load(studio, page, 6);
    for (const std::string& picture : studio.pictures({0, 1, 5})) {
      for (const std::size_t line : {0U, 20U, 40U, 60U}) {
        CAPTURE(line);
        CHECK(differences(picture, line, bars) == "");
      }
    }
    CAPTURE(studio.log());
    CHECK_FALSE(contains(studio.log(), "colours"));
  }
}

TEST_CASE("colour: video drawn on canvases has them, too", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("page.html", style + video("709.mp4", 0) + canvas("drawn", 20) + canvas("pattern", 40) +
                                                          canvas("bitmap", 60) + canvas("moved", 80) +
                                                          R"(<script>
      const film = document.querySelector('video');
      const moved2d = moved.transferControlToOffscreen().getContext('2d');
      requestAnimationFrame(function draw() {
        drawn.getContext('2d').drawImage(film, 0, 0);
        const context = pattern.getContext('2d');
        context.fillStyle = context.createPattern(film, 'repeat');
        context.fillRect(0, 0, 320, 20);
        moved2d.drawImage(film, 0, 0, 320, 20);
        createImageBitmap(film).then((image) => bitmap.getContext('2d').drawImage(image, 0, 0));
        requestAnimationFrame(draw);
      });</script>)");
    make_film(folder_of(page) + "709.mp4", bt709, h264);
    load(studio, page, 4);
    const std::string picture = studio.pictures({0, 1, 2, 3}).back();
    for (const std::size_t line : {0U, 20U, 40U, 60U, 80U}) {
      CAPTURE(line);
      CHECK(differences(picture, line, bars) == "");
    }
  }
}

TEST_CASE("colour: a canvas of display-p3 is shown with the colours of CSS", "[capture]") {
  // The first five in P3's numbers, and what CSS makes of them in sRGB; those out of its gamut are cut off.
  constexpr std::array<Colour, 8> shown{
      {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 0, 0}, {0, 128, 255}, {128, 128, 128}, {209, 147, 115}, {200, 150, 120}}};
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file(
        "page.html", style + canvas("flat", 0) + canvas("moved", 20) + canvas("deep", 40) + canvas("deep2", 60) + R"(<script>
      const colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [234, 51, 35], [55, 126, 247], [128, 128, 128], [200, 150, 120],
                       [192, 152, 124]].map((colour) => colour.map((level) => level / 255));
      for (const canvas of [flat, moved.transferControlToOffscreen()]) {
        const context = canvas.getContext('2d', {colorSpace: 'display-p3'});
        colours.forEach((colour, index) => {
          context.fillStyle = `color(display-p3 ${colour.join(' ')})`;
          context.fillRect(index * 40, 0, 40, 20);
        });
      }
      for (const [canvas, name] of [[deep, 'webgl'], [deep2, 'webgl2']]) {
        const gl = canvas.getContext(name, {preserveDrawingBuffer: true});
        gl.drawingBufferColorSpace = 'display-p3';
        gl.enable(gl.SCISSOR_TEST);
        colours.forEach((colour, index) => {
          gl.scissor(index * 40, 0, 40, 20);
          gl.clearColor(...colour, 1);
          gl.clear(gl.COLOR_BUFFER_BIT);
        });
      }</script>)");
    load(studio, page, 2);
    for (const std::string& picture : studio.pictures({0, 1})) {
      for (const std::size_t line : {0U, 20U, 40U, 60U}) {
        CAPTURE(line);
        CHECK(differences(picture, line, shown) == "");
      }
    }
  }
}

TEST_CASE("colour: what sets colours right changes nothing else", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string films = studio.file("films.html", "");
  make_film(folder_of(films) + "709.webm", bt709, vp9);
  SECTION("the page finds no animation of ours") {
    const std::string page = studio.file("page.html", style + video("709.webm", 0) + R"(<script>
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const film = document.querySelector('video');
        console.log('found', document.getAnimations().length + film.getAnimations().length, film.getAttribute('style'));
      }));</script>)");
    load(studio, page, 4);
    studio.pictures({0, 1, 2, 3});
    CHECK(contains(studio.log(), "found 0 top:0px"));
  }
  SECTION("a filter of the page's stays and moves on, and ours does not begin its transition") {
    const std::string page = studio.file(
        "page.html", style + "<style>video{filter:brightness(0);transition:all 9s}</style>" + video("709.webm", 0) + R"(<script>
      let frame = 0;
      requestAnimationFrame(function next() {
        if (++frame === 3) document.querySelector('video').style.cssText = 'transition:none;filter:none';
        if (frame === 4) document.querySelector('video').animate({filter: ['brightness(0)', 'brightness(0)']}, 1e6);
        requestAnimationFrame(next);
      });</script>)");
    load(studio, page, 5);
    const auto pictures = studio.pictures({0, 1, 2, 3, 4});
    for (const std::size_t frame : {0U, 1U, 3U, 4U}) CHECK(differences(pictures[frame], 0, {}) == "");
    CHECK(differences(pictures[2], 0, bars) == "");
  }
  SECTION("what lies on a video in the flow stays there, and the colours are told") {
    const std::string page =
        studio.file("page.html",
                    "<!doctype html><style>body{margin:0;display:grid}body>*{grid-area:1/1;width:320px;height:20px}p{margin:0;"
                    "background:#808080}</style><video muted autoplay src=709.webm></video><p></p>");
    load(studio, page, 2);
    constexpr Colour grey{128, 128, 128};
    CHECK(differences(studio.pictures({0, 1}).back(), 0, {grey, grey, grey, grey, grey, grey, grey, grey}) == "");
    CHECK(contains(studio.log(), "709.webm is shown as Chromium shows it, because something without a position may lie on it"));
  }
  SECTION("a video in the flow with nothing on it is exact") {
    const std::string page = studio.file("page.html",
                                         "<!doctype html><style>body{margin:0}video{display:block;width:320px;height:20px}"
                                         "</style><video muted autoplay src=709.webm></video><p>below</p>");
    load(studio, page, 2);
    CHECK(differences(studio.pictures({0, 1}).back(), 0, bars) == "");
    CHECK_FALSE(contains(studio.log(), "709.webm"));
  }
  SECTION("a video whose gamut is not converted is told") {
    const std::string page = studio.file("page.html", style + video("2020.webm", 0));
    make_film(folder_of(page) + "2020.webm", bt2020, vp9);
    load(studio, page, 1);
    studio.pictures({0});
    CHECK(contains(studio.log(), "2020.webm has the colours of BT.2020"));
  }
  SECTION("videos are exact under the strictest content security policy") {
    const std::string page = studio.file("page.html",
                                         "<!doctype html><meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">"
                                         "<link rel=stylesheet href=page.css><video muted autoplay src=709.webm></video>");
    studio.file("page.css", "body{margin:0}video{display:block}");
    load(studio, page, 3);
    CHECK(differences(studio.pictures({0, 1, 2}).back(), 0, bars) == "");
  }
  SECTION("a content security policy that forbids the filter of canvases is told") {
    const std::string page =
        studio.file("page.html", "<meta http-equiv=Content-Security-Policy content=\"default-src 'self' 'unsafe-inline'\">" +
                                     style + canvas("wide", 0) +
                                     "<script>wide.getContext('2d', {colorSpace: 'display-p3'}).fillRect(0, 0, 9, 9)</script>");
    load(studio, page, 3);
    studio.pictures({0, 1, 2});
    CHECK(contains(studio.log(), "content security policy"));
  }
}
