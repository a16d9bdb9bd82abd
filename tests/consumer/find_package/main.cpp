#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/orchestrator.hpp>

#include <cstdio>

int main() {
  using namespace orchestrator;
  const auto plan = RenderOrchestrator::plan(
      {.composition = "scene/index.html", .output = "out.mp4", .frames = {0, 900}, .chunking = {.chunks = 3}});
  if (!plan || plan->chunks.size() != 3) return 1;
  RenderOrchestrator orchestrator;  // links the local executor's default
  std::printf("%s\n", to_json(*plan).c_str());
}
