#include "orchestrator/trial_render.hpp"

#include "media/codecs.hpp"
#include "media/ffmpeg_program.hpp"
#include "media/output_format.hpp"
#include "orchestrator/executor_arguments.hpp"
#include "orchestrator/program_output.hpp"

#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>
#include <orchestrator/worker/guarded_dir.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <utility>

namespace orchestrator::tool {

namespace {

namespace fs = std::filesystem;

// Colours of the three frames: far enough from each other that no encoder's loss makes one look like another.
constexpr std::array<std::array<unsigned char, 3>, 3> film_colours{{{192, 32, 32}, {32, 192, 32}, {32, 32, 192}}};
constexpr int largest_difference = 40;
constexpr int film_width = 160;
constexpr int film_height = 90;

/// One way to render: `video` stands for all that have its encoder.
struct Way {
  CaptureMode mode{};
  std::string encoder{};
  VideoOptions video{.width = film_width, .height = film_height, .fps = {30, 1}};
  std::string name() const { return std::string(to_string(mode)) + " with " + encoder; }
};

std::vector<Way> ways(CaptureMode mode) {
  std::vector<Way> found;
  for (const Codec& codec : codecs()) {
    std::string_view last;
    for (const PixelFormat& format : codec.pixel_formats) {
      if (std::exchange(last, format.encoder) == format.encoder) continue;
      Way way{.mode = mode, .encoder = std::string(format.encoder)};
      way.video.codec = codec.name;
      way.video.pixel_format = format.name;
      found.push_back(std::move(way));
    }
  }
  return found;
}

/// A page that shows one of the colours in each frame.
std::string film_page() {
  std::string colours;
  for (const auto& [red, green, blue] : film_colours) {
    colours += "[" + std::to_string(red) + ", " + std::to_string(green) + ", " + std::to_string(blue) + "],";
  }
  return R"(<!doctype html><title>doctor</title><script>
window.renderFrame = n => {
  const rgb = [)" +
         colours + R"(][n];
  document.documentElement.style.background = `rgb(${rgb})`;
};
</script>)";
}

/// The film's pixels as RGB, frame after frame.
Result<std::string> decoded(const fs::path& film) {
  const auto ffmpeg = ffmpeg_program(Stage::verify);
  if (!ffmpeg) return ffmpeg.error();
  auto pixels = program_output(
      {*ffmpeg, "-v", "error", "-nostdin", "-i", "file:" + film.string(), "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"});
  if (!pixels) return Error{.detail = "the film cannot be decoded", .stage = Stage::verify};
  return pixels;
}

/// Whether the pixel in the middle of each frame has the frame's colour.
bool shows_colours(const std::string& pixels) {
  constexpr std::size_t frame_size = std::size_t{3} * film_width * film_height;
  if (pixels.size() != frame_size * film_colours.size()) return false;
  for (std::size_t frame = 0; frame < film_colours.size(); ++frame) {
    const std::size_t middle = frame * frame_size + std::size_t{3} * (film_height / 2 * film_width + film_width / 2);
    for (std::size_t i = 0; i < film_colours[frame].size(); ++i) {
      if (std::abs(static_cast<unsigned char>(pixels[middle + i]) - film_colours[frame][i]) > largest_difference) return false;
    }
  }
  return true;
}

/// Two chunks, so that they are joined, too.
Result<void> render_film(RenderOrchestrator& orchestrator, const fs::path& folder, const Way& way) {
  RenderOptions options{.composition = (folder / "index.html").string(), .output = folder / "film.mp4", .video = way.video};
  options.frames = {0, static_cast<std::int64_t>(film_colours.size())};
  options.chunking.chunks = 2;
  options.capture = way.mode;
  options.overwrite = true;
  auto rendered = orchestrator.render(options);
  if (!rendered) return rendered.error();
  const auto pixels = decoded(options.output);
  if (!pixels) return pixels.error();
  if (!shows_colours(*pixels)) return Error{.detail = "the film does not show what the page drew", .stage = Stage::verify};
  return {};
}

/// `error` in one line. The worker that it names is of no interest here.
std::string line_of(Error error) {
  error.worker.clear();
  error.chunk.reset();
  return error.message();
}

/// Whether another encoder could do better: what fails before frames are encoded fails with each.
bool is_of_encoder(const Error& error) { return error.stage != Stage::start && error.stage != Stage::load; }

}  // namespace

std::vector<Check> try_rendering(const std::function<void(const std::string& what)>& trying) {
  boost::asio::io_context context(1);
  const auto temporary = temporary_folder();
  if (!temporary) return {};  // `temporary files` says so
  auto folder = GuardedDir::create(context.get_executor(), *temporary, "orchestrator-doctor-");
  const bool written = folder && (std::ofstream(folder->path() / "index.html") << film_page()).flush();
  if (!written)
    return {{.name = "rendering", .detail = folder ? "cannot write in " + folder->path().string() : folder.error().detail}};
  LocalExecutor executor({.workers = 1, .worker_command = worker_command()});
  RenderOrchestrator orchestrator(executor);
  std::vector<Check> checks;
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    for (const Way& way : ways(mode)) {
      trying(way.name());
      const auto rendered = render_film(orchestrator, folder->path(), way);
      checks.push_back({.name = way.name(),
                        .ok = rendered.has_value(),
                        .renders = true,
                        .detail = rendered ? "three frames rendered" : line_of(rendered.error())});
      if (!rendered && !is_of_encoder(rendered.error())) break;
    }
  }
  return checks;
}

}  // namespace orchestrator::tool
