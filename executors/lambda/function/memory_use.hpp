#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace orchestrator::lambda {

/// How many bytes a process and all that it started have in memory, if they are more than `limit`. Pages that several share
/// count once; pages of files (Chromium's 200 MB of code) do not, since they can be read again: the kernel drops them before it
/// kills.
std::optional<std::int64_t> memory_beyond(std::int64_t limit, pid_t root);

}  // namespace orchestrator::lambda
