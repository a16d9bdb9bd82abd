#include <orchestrator/render_plan.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// A plan that is accepted covers its range without gaps, and is written and read back as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orchestrator;
  const auto plan = plan_from_json({reinterpret_cast<const char*>(data), size});
  if (!plan) {
    if (plan.error().detail.empty()) std::abort();
    return 0;
  }
  std::int64_t next = plan->options->frame_range().first;
  for (const RenderChunk& chunk : plan->chunks) {
    if (chunk.start_frame != next || chunk.frame_count <= 0) std::abort();
    next += chunk.frame_count;
  }
  if (next != plan->options->frame_range().last) std::abort();
  const std::string text = to_json(*plan);
  const auto again = plan_from_json(text);
  if (!again || to_json(*again) != text) std::abort();
  return 0;
}
