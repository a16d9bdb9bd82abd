// Stops a render from another thread: after that, no process and no file of it is left.
//   cancel [COMPOSITION]
#include <orchestrator/orchestrator.hpp>

#include <chrono>
#include <cstdio>
#include <stop_token>
#include <thread>

int main(int argc, char** argv) {
  using namespace orchestrator;
  const RenderOptions options{.composition = argc > 1 ? argv[1] : "examples/composition",
                              .output = "cancelled.mp4",
                              .video = {.width = 640, .height = 360},
                              .frames = {0, 100'000}};
  std::stop_source stop;
  const std::jthread impatient([&stop] {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    stop.request_stop();
  });
  RenderOrchestrator orchestrator;
  const auto result = orchestrator.render(options, {}, stop.get_token());
  const bool cancelled = !result && result.error().code == Errc::cancelled;
  std::printf("%s\n", cancelled ? "cancelled, nothing left behind" : "that was not expected");
  return cancelled ? 0 : 1;
}
