// Renders the bundled composition with worker processes of this machine.
//   local_render [COMPOSITION [OUTPUT]]
#include <orchestrator/render.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  using namespace orchestrator;
  RenderOrchestrator orchestrator;  // a LocalExecutor by default
  const auto result = orchestrator.render({.composition = argc > 1 ? argv[1] : "examples/composition",
                                           .output = argc > 2 ? argv[2] : "out.mp4",
                                           .video = {.width = 1280, .height = 720, .fps = {30, 1}},
                                           .frames = {0, 90},
                                           .overwrite = true});
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().message().c_str());
    return 1;
  }
  std::printf("%s: %lld frames in %lld ms\n", result->output.c_str(), static_cast<long long>(result->frames),
              static_cast<long long>(result->wall.count()));
}
