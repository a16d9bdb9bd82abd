// How to test a program that renders, without a browser: a FakeExecutor makes numbered frames in milliseconds.
//   unit_test [COMPOSITION [OUTPUT]]
#include <orchestrator/render.hpp>
#include <orchestrator/testing/fake_executor.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  using namespace orchestrator;
  testing::FakeExecutor executor({.slots = 3});
  RenderOrchestrator orchestrator(executor);
  const auto result = orchestrator.render({.composition = argc > 1 ? argv[1] : "examples/composition",
                                           .output = argc > 2 ? argv[2] : "out.mp4",
                                           .video = {.width = 160, .height = 90, .preset = "ultrafast"},
                                           .frames = {100, 160},
                                           .chunking = {.chunks = 4},
                                           .overwrite = true});
  if (!result) return std::fprintf(stderr, "%s\n", result.error().message().c_str()), 1;
  const auto frames = testing::read_fake_film(result->output);
  if (!frames) return std::fprintf(stderr, "%s\n", frames.error().message().c_str()), 1;
  std::int64_t expected = 100;
  for (const testing::FakeFrame& frame : *frames) {
    if (frame.number != expected++) return 1;
  }
  return expected == 160 && executor.jobs().size() == 4 ? 0 : 1;
}
