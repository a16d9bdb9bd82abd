#include "support/slurm_render.hpp"

#include <catch2/catch.hpp>

namespace orchestrator::test {

Arguments over_slurm(Sandbox& sandbox, const SlurmFarm& farm, int workers) {
  const auto [name, value] = farm.environment();
  sandbox.set(name, value);
  return {"--executor", "slurm", "--slurm-workers", std::to_string(workers)};
}

bool slurm_is_impossible() {
  const std::string why = SlurmFarm::impossible();
  if (!why.empty()) WARN("skipped: " << why);
  return !why.empty();
}

LongSlurmRender::LongSlurmRender(SlurmFarmOptions options)
    : farm(options),
      arguments(together({over_slurm(sandbox, farm, 1), {"--preset", "ultrafast", "--progress", "json", "--chunks", "1"}})) {}

void LongSlurmRender::start(const Arguments& more) {
  sandbox.start(sandbox.render_arguments(page("render_frame.html"), "0:200000", together({arguments, more})));
}

void LongSlurmRender::start_and_await_frames(const Arguments& more) {
  start(more);
  const bool is_under_way = comes_true([this] { return is_rendering(sandbox); }, std::chrono::seconds(40));
  INFO(sandbox.errors_so_far() << farm.queue());
  REQUIRE(is_under_way);
}

std::string LongSlurmRender::job() const {
  const std::string first = farm.queue();
  return first.substr(0, first.find(' '));
}

}  // namespace orchestrator::test
