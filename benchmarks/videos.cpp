// What a <video> costs whose picture the runtime draws, against one that is shown by Chromium's own surface (ADR 0024).
//   videos [--frames N] [--rounds N]
// benchmarks/README.md explains the columns.
#include "support/await.hpp"
#include "ways.hpp"

#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>
#include <orchestrator/worker/child_process.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

namespace fs = std::filesystem;
using namespace orchestrator;
using namespace orchestrator::program;

void make_film(const fs::path& path, int frames) {
  SpawnOptions ffmpeg;
  const std::string source = "testsrc2=size=1920x1080:rate=30:duration=" + std::to_string(frames / 30 + 1);
  ffmpeg.argv = {"ffmpeg", "-v",         "error",    "-f",          "lavfi",   "-i",
                 source,   "-pix_fmt",   "yuv420p",  "-c:v",        "libx264", "-crf",
                 "18",     "-preset",    "veryfast", "-colorspace", "bt709",   "-color_primaries",
                 "bt709",  "-color_trc", "bt709",    path.string()};
  const ProgramOutput made = must(test::await(run_program(std::move(ffmpeg))));
  if (!made.status.success()) give_up("ffmpeg cannot make a film: " + made.error_tail);
}

/// A page with the film in its full size.
fs::path make_page(const fs::path& folder, const std::string& name, const std::string& style) {
  const fs::path page = folder / (name + ".html");
  std::ofstream(page) << "<!doctype html><style>body{margin:0}video{display:block;" << style
                      << "}</style><video src=film.mp4 autoplay muted></video>";
  return page;
}

double render_seconds(const fs::path& page, int frames) {
  const auto start = Clock::now();
  LocalExecutor executor;
  RenderOrchestrator orchestrator(executor);
  must(orchestrator.render({.composition = page,
                            .output = fs::path(page).replace_extension(".mp4"),
                            .video = {.width = 1920, .height = 1080, .fps = {30, 1}},
                            .frames = {0, frames},
                            .overwrite = true}));
  return seconds_since(start);
}

}  // namespace

int main(int argc, char** argv) {
  const auto [frames, rounds] = begin_measuring(argc, argv, {.frames = 90});
  char folder[] = "/tmp/orchestrator-benchmark-XXXXXX";
  if (::mkdtemp(folder) == nullptr) give_up("cannot make a folder in /tmp");
  make_film(fs::path(folder) / "film.mp4", frames);
  // A view box of the page's that cuts nothing off makes the runtime leave the surface to the browser.
  const fs::path surface = make_page(folder, "surface", "object-view-box:inset(0)");
  const fs::path drawn = make_page(folder, "drawn", "");
  std::printf("1920x1080, %d frames\n", frames);
  compare(
      {{"surface", [&] { return render_seconds(surface, frames); }}, {"drawn", [&] { return render_seconds(drawn, frames); }}},
      rounds);
  fs::remove_all(folder);
}
