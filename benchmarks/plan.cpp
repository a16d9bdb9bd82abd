// How long it takes to plan a very long render, and to write the plan as JSON.
#include <orchestrator/render_orchestrator.hpp>

#include <benchmark/benchmark.h>

namespace {

orchestrator::RenderOptions long_render() {
  return {.composition = "scene/index.html", .output = "out.mp4", .frames = {0, 10'000'000}, .chunking = {.chunks = 100'000}};
}

void plan_of_ten_million_frames_in_100000_chunks(benchmark::State& state) {
  const auto options = long_render();
  for (auto _ : state) benchmark::DoNotOptimize(orchestrator::RenderOrchestrator::plan(options));
}
BENCHMARK(plan_of_ten_million_frames_in_100000_chunks)->Unit(benchmark::kMillisecond);

void the_same_as_json(benchmark::State& state) {
  const auto plan = orchestrator::RenderOrchestrator::plan(long_render());
  for (auto _ : state) benchmark::DoNotOptimize(orchestrator::to_json(*plan));
}
BENCHMARK(the_same_as_json)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
