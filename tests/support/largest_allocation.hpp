#pragma once

#include <cstddef>

namespace orchestrator::test {

/// While it lives, this process has no memory for more than so many bytes at once: operator new throws std::bad_alloc.
class LargestAllocation {
 public:
  explicit LargestAllocation(std::size_t bytes);
  ~LargestAllocation();
  LargestAllocation(const LargestAllocation&) = delete;
  LargestAllocation& operator=(const LargestAllocation&) = delete;
};

}  // namespace orchestrator::test
