// Renders each chunk of a plan by itself, as the jobs of a queue of one's own would, and joins them.
//   chunks_by_hand COMPOSITION OUTPUT.mp4
#include <orchestrator/composition_content.hpp>
#include <orchestrator/render.hpp>

#include <cstdio>
#include <filesystem>
#include <vector>

namespace {

int failed(const orchestrator::Error& error) {
  std::fprintf(stderr, "%s\n", error.message().c_str());
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace orchestrator;
  const std::string composition = argc > 1 ? argv[1] : "examples/composition";
  const std::filesystem::path output = argc > 2 ? argv[2] : "out.mp4", folder = output.string() + ".chunks";

  // Once: the plan. With what the composition holds now, no chunk can be rendered from anything else, on whatever machine.
  auto plan = RenderOrchestrator::plan({.composition = composition,
                                        .output = output,
                                        .video = {.width = 640, .height = 360},
                                        .frames = {0, 60},
                                        .chunking = {.chunks = 3},
                                        .overwrite = true});
  if (!plan) return failed(plan.error());
  auto content = read_content(composition);
  if (!content) return failed(content.error());
  plan->content = std::move(*content);
  const std::string carried = to_json(*plan);  // a job gets it as text: plan_from_json() reads it

  // Each in a job of its own, in any order, as often as it takes.
  std::vector<std::filesystem::path> files;
  for (const RenderChunk& chunk : plan->chunks) {
    RenderOrchestrator orchestrator;
    auto rendered = orchestrator.render_chunk(*plan, chunk.id, {.folder = folder});
    if (!rendered) return failed(rendered.error());
    files.push_back(rendered->file);
  }

  // At the end: the film. A chunk that is missing, or of another plan or composition, is refused by name.
  const auto film = RenderOrchestrator::assemble(*plan, files);
  if (!film) return failed(film.error());
  std::printf("%s: %lld frames of %zu chunks, by a plan of %zu bytes\n", film->output.c_str(),
              static_cast<long long>(film->frames), files.size(), carried.size());
  std::filesystem::remove_all(folder);
}
