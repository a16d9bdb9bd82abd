#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace orchestrator::lambda {

/// How many bytes a process and its descendants have in memory, if they are more than `limit`. Shared pages count once. Pages of
/// files (Chromium's 200 MB of code) do not count: the kernel can read them again, so it drops them before it kills a process.
std::optional<std::int64_t> memory_beyond(std::int64_t limit, pid_t root);

}  // namespace orchestrator::lambda
