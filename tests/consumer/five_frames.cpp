// A program of somebody else's: five_frames COMPOSITION OUTPUT
#include <orchestrator/render.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  using namespace orchestrator;
  if (argc != 3) return 2;
  RenderOrchestrator orchestrator;
  const auto result = orchestrator.render({.composition = argv[1],
                                           .output = argv[2],
                                           .video = {.width = 320, .height = 180, .preset = "ultrafast"},
                                           .frames = {0, 5},
                                           .overwrite = true});
  if (!result) std::fprintf(stderr, "%s\n", result.error().message().c_str());
  return result && result->frames == 5 ? 0 : 1;
}
