// Compares a whole render with its lower bounds, in one run: capture alone, and ffmpeg alone on the same frames from memory.
//   end_to_end [--frames N] [--sizes 1920x1080,1280x720] [--rounds N] [--scene FILE] [--only capture]
// benchmarks/README.md explains the columns.
#include <orchestrator/executors/local_executor.hpp>

#include "capture/capture_session.hpp"
#include "media/codecs.hpp"
#include "media/ffmpeg_program.hpp"
#include "program.hpp"
#include "serve/composition_server.hpp"

#include <orchestrator/render_orchestrator.hpp>
#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace orchestrator;
using namespace orchestrator::program;

std::string scene = ORCHESTRATOR_SOURCE_DIR "/tests/pages/reference_scene.html";

struct Size {
  int width;
  int height;
};
struct Settings {
  std::int64_t frames{300};
  int rounds{1};
  bool capture_only{false};
  std::vector<Size> sizes{{1920, 1080}, {1280, 720}};
};
using Frames = std::vector<std::vector<std::byte>>;

/// Runs one coroutine to its end on a loop of its own.
template <class T>
T run(asio::awaitable<T> task) {
  asio::io_context context(1);
  std::optional<T> value;
  asio::co_spawn(context, std::move(task), [&](const std::exception_ptr& thrown, T result) {
    if (thrown) std::rethrow_exception(thrown);
    value = std::move(result);
  });
  context.run();
  return std::move(*value);
}

struct CaptureFigures {
  double ms_per_frame{0};
  CaptureCpu cpu{};
  std::string backend{};
};

/// Captures the scene and, with `keep`, copies every frame (outside the measured time).
asio::awaitable<CaptureFigures> capture(Size size, std::int64_t count, Frames* keep) {
  const auto executor = co_await asio::this_coro::executor;
  auto server = must(CompositionServer::start(executor));
  LoadRequest request{.url = server->serve(scene), .frames = {0, count}};
  CaptureOptions options{.width = size.width, .height = size.height, .log = [](LogLevel, std::string_view) {}};
  options.host_resolver_rules = server->resolver_rule();
  auto session = must(co_await CaptureSession::start(std::move(options)));
  must(co_await session->load(std::move(request)));
  CaptureFigures figures{.backend = session->description()};
  const CaptureCpu before = session->cpu();
  double seconds = 0;
  for (std::int64_t number = 0; number < count; ++number) {
    const auto start = Clock::now();
    const Frame frame = must(co_await session->capture(number));
    seconds += seconds_since(start);
    if (keep != nullptr) keep->emplace_back(frame.bytes.begin(), frame.bytes.end());
  }
  const CaptureCpu after = session->cpu();
  figures.ms_per_frame = seconds * 1000 / static_cast<double>(count);
  figures.cpu = {.browser = after.browser - before.browser, .display = after.display - before.display};
  co_await session->stop();
  co_return figures;
}

/// The seconds that a plain `ffmpeg -f rawvideo -pixel_format bgr0 ... -c:v libx264` takes, fed as fast as it takes the frames.
double ffmpeg_alone(const Frames& frames, const VideoOptions& video, const fs::path& output) {
  asio::io_context context(1);
  std::vector<std::string> argv{must(ffmpeg_program(Stage::encode)),
                                "-loglevel",
                                "error",
                                "-f",
                                "rawvideo",
                                "-pixel_format",
                                "bgr0",
                                "-video_size",
                                std::to_string(video.width) + "x" + std::to_string(video.height),
                                "-framerate",
                                "30",
                                "-i",
                                "pipe:0",
                                "-vf",
                                "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"};
  for (std::string& argument : codec_arguments(video)) argv.push_back(std::move(argument));
  for (const char* last : {"-y", output.c_str()}) argv.emplace_back(last);
  SpawnOptions options;
  options.argv = std::move(argv);
  options.input = {Stdio::Kind::pipe};
  const auto start = Clock::now();
  auto child = must(ChildProcess::spawn(context.get_executor(), options));
  UniqueFd pipe = child.take_input();
  for (const auto& frame : frames) {
    for (std::size_t sent = 0; sent < frame.size();) {
      const ssize_t size = ::write(pipe.get(), frame.data() + sent, frame.size() - sent);
      if (size <= 0) give_up("ffmpeg: " + child.error_tail());
      sent += static_cast<std::size_t>(size);
    }
  }
  pipe.reset();
  while (child.running()) ::usleep(1000);
  return seconds_since(start);
}

struct RenderFigures {
  double seconds{0};
  ChunkCpu cpu{};
};

/// Renders through the public interface with its defaults, from no process running to the finished file.
RenderFigures render(const VideoOptions& video, std::int64_t count, const fs::path& output) {
  const auto start = Clock::now();
  LocalExecutor executor;
  RenderOrchestrator orchestrator(executor);
  const RenderResult result = must(
      orchestrator.render({.composition = scene, .output = output, .video = video, .frames = {0, count}, .overwrite = true}));
  RenderFigures figures{.seconds = seconds_since(start)};
  for (const ChunkReport& chunk : result.chunks) {
    figures.cpu.browser += chunk.result.cpu.browser;
    figures.cpu.display += chunk.result.cpu.display;
    figures.cpu.worker += chunk.result.cpu.worker;
    figures.cpu.encoder += chunk.result.cpu.encoder;
  }
  return figures;
}

double ms_per_frame(std::chrono::microseconds cpu, std::int64_t count) {
  return static_cast<double>(cpu.count()) / 1000 / static_cast<double>(count);
}

void measure(Size size, const Settings& settings, const fs::path& folder) {
  Frames frames;
  for (int round = 0; round < settings.rounds; ++round) {
    const CaptureFigures alone =
        run(capture(size, settings.frames, frames.empty() && !settings.capture_only ? &frames : nullptr));
    std::printf("%dx%d  capture alone: %.1f ms a frame (%s; CPU a frame: browser %.1f ms, display %.1f ms)\n", size.width,
                size.height, alone.ms_per_frame, alone.backend.c_str(), ms_per_frame(alone.cpu.browser, settings.frames),
                ms_per_frame(alone.cpu.display, settings.frames));
    if (settings.capture_only) continue;
    for (const char* preset : {"medium", "veryfast"}) {
      const VideoOptions video{.width = size.width, .height = size.height, .fps = {30, 1}, .preset = preset, .crf = 23};
      const double floor = ffmpeg_alone(frames, video, folder / "floor.mp4");
      const RenderFigures whole = render(video, settings.frames, folder / "render.mp4");
      std::printf(
          "%dx%d  x264 %-8s crf 23: render %.2f s, ffmpeg alone %.2f s, ratio %.2f  "
          "(CPU a frame: browser %.1f, display %.1f, worker %.1f, encoder %.1f ms)\n",
          size.width, size.height, preset, whole.seconds, floor, whole.seconds / floor,
          ms_per_frame(whole.cpu.browser, settings.frames), ms_per_frame(whole.cpu.display, settings.frames),
          ms_per_frame(whole.cpu.worker, settings.frames), ms_per_frame(whole.cpu.encoder, settings.frames));
      std::fflush(stdout);
    }
  }
}

Settings parse(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    if (name == "--frames") {
      settings.frames = std::max(1, std::atoi(argv[i + 1]));
    } else if (name == "--rounds") {
      settings.rounds = std::max(1, std::atoi(argv[i + 1]));
    } else if (name == "--scene") {
      scene = fs::absolute(argv[i + 1]);
    } else if (name == "--only") {
      settings.capture_only = std::string_view(argv[i + 1]) == "capture";
    } else if (name == "--sizes") {
      settings.sizes.clear();
      for (const char* text = argv[i + 1]; text != nullptr; text = std::strchr(text, ',')) {
        Size size{};
        if (std::sscanf(text + (*text == ','), "%dx%d", &size.width, &size.height) != 2) give_up("--sizes is WxH,WxH");
        settings.sizes.push_back(size);
        text += *text == ',';
      }
    } else {
      give_up("unknown option " + std::string(name));
    }
  }
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);
  ::setenv("ORCHESTRATOR_WORKER", (fs::read_symlink("/proc/self/exe").parent_path() / "../bin/orchestrator").c_str(), 0);
  const Settings settings = parse(argc, argv);
  char folder[] = "/tmp/orchestrator-benchmark-XXXXXX";
  if (::mkdtemp(folder) == nullptr) give_up("cannot make a folder in /tmp");
  for (const Size size : settings.sizes) measure(size, settings, folder);
  fs::remove_all(folder);
}
