// Which frames a film shows, in which colours, and when.
#include "support/film.hpp"
#include "support/run_tool.hpp"
#include "support/sandbox.hpp"

#include <boost/json/array.hpp>
#include <catch2/catch.hpp>

#include <cmath>
#include <cstdlib>
#include <set>

using namespace orchestrator::test;

namespace {

constexpr std::size_t pixels = 160 * 90;  // Sandbox::render_arguments

ToolEnd render(Sandbox& sandbox, const std::string& composition, const std::string& frames, const Arguments& more) {
  ToolEnd end = sandbox.render(composition, frames, more);
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(end.json().at("error").is_null());
  CHECK(sandbox.remains() == "");
  return end;
}

Arguments operator+(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

const Arguments lossless_rgb{"--pixel-format", "rgb24", "--crf", "0", "--preset", "ultrafast"};

/// What tests/pages/tearing.html paints.
std::array<int, 3> tearing_color(int frame) { return {frame & 255, frame >> 8, 255 - (frame & 255)}; }

/// Where its 16 x 9 tiles do not overlap; at their edges, blending rounds.
std::vector<std::size_t> tile_centres() {
  std::vector<std::size_t> centres;
  for (std::size_t y = 5; y < 90; y += 10) {
    for (std::size_t x = 5; x < 160; x += 10) centres.push_back(y * 160 + x);
  }
  return centres;
}

/// The colours that some frames of the page below show.
const std::vector<std::array<int, 3>> patches{{255, 255, 255}, {0, 0, 0},       {255, 0, 0},    {0, 255, 0},
                                              {0, 0, 255},     {128, 128, 128}, {200, 100, 50}, {17, 190, 187}};
const char* const patches_page = R"(<html><script>
  const patches = ['255 255 255', '0 0 0', '255 0 0', '0 255 0', '0 0 255', '128 128 128', '200 100 50', '17 190 187'];
  window.renderFrame = (frame) => { document.documentElement.style.background = `rgb(${patches[frame]})`; };</script>)";

/// ITU-R BT.709, limited range, 8 bits.
std::array<double, 3> bt709(const std::array<int, 3>& rgb) {
  const double red = rgb[0] / 255.0, green = rgb[1] / 255.0, blue = rgb[2] / 255.0;
  const double luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return {16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748};
}

bool is_near(const std::array<int, 3>& got, const std::array<double, 3>& expected) {
  for (std::size_t i = 0; i < 3; ++i) {
    if (std::abs(got[i] - expected[i]) > 1) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("exact frames: each frame shows its own number and no other, in every chunk", "[exact]") {
  Sandbox sandbox;
  const auto mode = GENERATE(as<std::string>(), "shm", "beginframe", "screenshot");
  INFO(mode);
  render(sandbox, page("tearing.html"), "240:280",
         lossless_rgb + Arguments{"--capture", mode, "--chunks", "4", "--workers", "2"});
  const DecodedFilm film = decode_film(sandbox.film(), "rgb24", 3 * pixels);
  REQUIRE(film.frames() == 40);
  for (std::size_t frame = 0; frame < film.frames(); ++frame) {
    std::set<std::array<int, 3>> colors;
    for (const std::size_t pixel : tile_centres()) colors.insert(film.rgb(frame, pixel));
    INFO("frame " << frame + 240);
    CHECK(colors == std::set<std::array<int, 3>>{tearing_color(static_cast<int>(frame) + 240)});
  }
}

TEST_CASE("exact frames: the three ways to capture give the same pixels", "[exact]") {
  const auto name = GENERATE(as<std::string>(), "render_frame.html", "reference_scene.html");
  INFO(name);
  std::vector<std::string> hashes[3];
  for (const int i : {0, 1, 2}) {
    Sandbox sandbox;
    const char* const modes[] = {"shm", "beginframe", "screenshot"};
    const ToolEnd end = render(sandbox, page(name), "7:15", lossless_rgb + Arguments{"--capture", modes[i]});
    CHECK(std::string(end.json().at("capture").as_string()) == modes[i]);
    hashes[i] = frame_hashes(sandbox.film());
  }
  CHECK(hashes[0].size() == 8);
  CHECK(hashes[1] == hashes[0]);
  CHECK(hashes[2] == hashes[0]);
}

TEST_CASE("exact frames: a film has the frames of the plan, evenly timed", "[exact]") {
  Sandbox sandbox;
  const auto fps = GENERATE(as<std::string>(), "30", "30000/1001", "24000/1001", "60");
  INFO(fps);
  const ToolEnd end = render(sandbox, page("render_frame.html"), "11:58", {"--fps", fps, "--chunks", "5", "--workers", "2"});
  const auto times = presentation_times(sandbox.film());
  REQUIRE(times.size() == 47);
  CHECK(end.json().at("frames") == 47);
  CHECK(times.front() == 0);
  std::set<std::int64_t> steps;
  for (std::size_t i = 1; i < times.size(); ++i) steps.insert(times[i] - times[i - 1]);
  CHECK(steps.size() == 1);
  const std::string rate = fps.find('/') == std::string::npos ? fps + "/1" : fps;
  CHECK(probe(sandbox.film(), "v:0", "stream=r_frame_rate") == std::vector<std::string>{rate});
  CHECK(probe(sandbox.film(), "v:0", "stream=avg_frame_rate") == std::vector<std::string>{rate});
}

TEST_CASE("exact frames: rgb24 keeps colours as they are", "[exact]") {
  Sandbox sandbox;
  render(sandbox, sandbox.file("page.html", patches_page), "0:8", lossless_rgb);
  const DecodedFilm film = decode_film(sandbox.film(), "rgb24", 3 * pixels);
  REQUIRE(film.frames() == patches.size());
  for (std::size_t frame = 0; frame < patches.size(); ++frame) CHECK(film.rgb(frame, pixels / 2) == patches[frame]);
}

TEST_CASE("exact frames: yuv formats are tagged bt709/tv and hold the values of bt709", "[exact]") {
  Sandbox sandbox;
  const auto format = GENERATE(as<std::string>(), "yuv420p", "yuv422p", "yuv444p");
  INFO(format);
  render(sandbox, sandbox.file("page.html", patches_page), "0:8", {"--pixel-format", format, "--crf", "0"});
  CHECK(probe(sandbox.film(), "v:0", "stream=pix_fmt") == std::vector<std::string>{format});
  for (const char* tag : {"color_space", "color_transfer", "color_primaries"}) {
    CHECK(probe(sandbox.film(), "v:0", std::string("stream=") + tag) == std::vector<std::string>{"bt709"});
  }
  CHECK(probe(sandbox.film(), "v:0", "stream=color_range") == std::vector<std::string>{"tv"});
  // Only the chroma planes are scaled here, and a flat plane stays what it is.
  const DecodedFilm film = decode_film(sandbox.film(), "yuv444p", 3 * pixels);
  REQUIRE(film.frames() == patches.size());
  for (std::size_t frame = 0; frame < patches.size(); ++frame) {
    INFO("patch " << frame);
    CHECK(is_near(film.yuv444(frame, pixels / 2), bt709(patches[frame])));
  }
}

TEST_CASE("exact frames: a page that stands still is captured once a chunk", "[exact]") {
  Sandbox sandbox;
  const auto mode = GENERATE(as<std::string>(), "shm", "beginframe");
  INFO(mode);
  const ToolEnd end = render(sandbox, page("static.html"), "0:20", lossless_rgb + Arguments{"--capture", mode, "--chunks", "2"});
  const auto summary = end.json();  // named: the loop must not outlive it
  for (const auto& chunk : summary.at("chunks").as_array()) CHECK(chunk.at("unchanged_frames") == 9);
  std::set<std::string> pictures;
  for (const std::string& line : frame_hashes(sandbox.film())) pictures.insert(line.substr(line.rfind(' ')));
  CHECK(pictures.size() == 1);
}
