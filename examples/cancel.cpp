// Stops a render once its first frames are there. After that, none of its processes and files is left.
//   cancel [COMPOSITION]
#include <orchestrator/render.hpp>

#include <cstdio>
#include <stop_token>

int main(int argc, char** argv) {
  using namespace orchestrator;
  const RenderOptions options{.composition = argc > 1 ? argv[1] : "examples/composition",
                              .output = "cancelled.mp4",
                              .video = {.width = 640, .height = 360},
                              .frames = {0, 450},
                              .overwrite = true};
  std::stop_source stop;  // request_stop() may come from any thread
  const RenderEvents events{.on_progress = [&stop](const Progress& now) {
    if (now.frames_done > 0) stop.request_stop();
  }};
  RenderOrchestrator orchestrator;
  const auto result = orchestrator.render(options, events, stop.get_token());
  const bool cancelled = !result && result.error().code == Errc::cancelled;
  std::printf("%s\n", cancelled ? "cancelled, nothing left behind" : "that was not expected");
  return cancelled ? 0 : 1;
}
