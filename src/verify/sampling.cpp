#include "verify/sampling.hpp"

#include <algorithm>

namespace orchestrator {

std::vector<std::int64_t> choose_samples(FrameRange range, int count) {
  std::vector<std::int64_t> samples;
  if (count <= 0 || range.empty()) return samples;
  const std::int64_t most = std::min<std::int64_t>(count, range.count());
  const std::int64_t last = range.last - 1;
  if (most == 1) return {last};
  const std::int64_t distance = (last - range.first) / (most - 1);
  for (std::int64_t i = 0; i < most; ++i) {
    std::int64_t frame = range.first + (last - range.first) * i / (most - 1);
    const bool is_inner = i > 0 && i < most - 1;
    if (is_inner && i % 2 == 0 && distance >= 2) --frame;
    samples.push_back(frame);
  }
  return samples;
}

}  // namespace orchestrator
