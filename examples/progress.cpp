// Shows every event a render reports: stages, progress weighted by frames, chunks.
//   progress [COMPOSITION [OUTPUT]]
#include <orchestrator/render.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  using namespace orchestrator;
  const RenderOptions options{.composition = argc > 1 ? argv[1] : "examples/composition",
                              .output = argc > 2 ? argv[2] : "out.mp4",
                              .video = {.width = 640, .height = 360, .preset = "veryfast"},
                              .frames = {0, 120},
                              .chunking = {.chunks = 4, .workers = 2},
                              .overwrite = true};
  const RenderEvents events{
      .on_plan = [](const RenderPlan& plan) { std::printf("plan: %zu chunks\n", plan.chunks.size()); },
      .on_progress = [](const Progress& now) { std::printf("%5.1f %%\n", 100 * now.fraction); },
      .on_phase = [](RenderPhase phase) { std::printf("phase: %s\n", std::string(to_string(phase)).c_str()); },
      .on_chunk_started = [](int chunk, int attempt) { std::printf("chunk %d: attempt %d\n", chunk, attempt); },
      .on_chunk_finished = [](int chunk,
                              const ChunkResult& result) { std::printf("chunk %d: done by %s\n", chunk, result.worker.c_str()); },
      .on_chunk_failed = [](int chunk, const Error& error) { std::printf("chunk %d: %s\n", chunk, error.message().c_str()); }};
  RenderOrchestrator orchestrator;
  const auto result = orchestrator.render(options, events);
  if (!result) std::fprintf(stderr, "%s\n", result.error().message().c_str());
  return result ? 0 : 1;
}
