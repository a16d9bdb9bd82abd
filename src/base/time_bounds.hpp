#pragma once

#include "base/invalid_options.hpp"

#include <chrono>
#include <string>

namespace orchestrator {

/// 31 years. A clock's nanoseconds since boot plus so many fit 64 bits; with more, a time limit would be over before it begins.
constexpr std::chrono::seconds longest_time{1'000'000'000};

/// Checks a time among options. Errors: Errc::invalid_options, naming it.
inline Result<void> check_time(const std::string& name, std::chrono::milliseconds time, std::chrono::milliseconds shortest) {
  if (time >= shortest && time <= longest_time) return {};
  return invalid_options(name + " is " + std::to_string(time.count()) + " ms, it must be " + std::to_string(shortest.count()) +
                         " ms ... 1,000,000,000 s");
}

}  // namespace orchestrator
