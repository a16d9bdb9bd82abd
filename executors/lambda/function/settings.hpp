#pragma once

#include "lambda/aws/sigv4.hpp"

#include <orchestrator/error.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace orchestrator::lambda {

/// What the platform tells a function by environment variables ("Defined runtime environment variables" of the developer guide).
struct Settings {
  std::string runtime_api{};    ///< "127.0.0.1:9001"
  std::string function_name{};  ///< for reports
  std::int64_t memory_mb{0};    ///< 0: not known
  aws::Credentials credentials{};
};

using Environment = std::function<std::optional<std::string>(const char* name)>;

/// Pure. Errors: Errc::invalid_options, naming the variable.
Result<Settings> read_settings(const Environment& environment);

}  // namespace orchestrator::lambda
