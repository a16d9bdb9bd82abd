#pragma once

#include "support/resource_limit.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <fcntl.h>

#include <algorithm>
#include <cstddef>
#include <vector>

namespace orchestrator::test {

/// Takes all of this process's file descriptors but `free` for a scope.
class FewDescriptors {
 public:
  explicit FewDescriptors(std::size_t free) {
    for (;;) {
      UniqueFd taken(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      if (!taken) break;
      taken_.push_back(std::move(taken));
    }
    taken_.resize(taken_.size() - std::min(free, taken_.size()));
  }

 private:
  ResourceLimit limit_{RLIMIT_NOFILE, 96};  // few enough to take them all quickly
  std::vector<UniqueFd> taken_{};
};

}  // namespace orchestrator::test
