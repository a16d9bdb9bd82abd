#pragma once

#include "lambda/aws/aws_config.hpp"

#include <chrono>
#include <optional>

namespace orchestrator::aws {

/// Credentials, and when newer ones are due: a while before these expire, and not at once again if that failed. Pure.
class CredentialCache {
 public:
  using Time = std::chrono::system_clock::time_point;

  /// Nothing: newer ones are due.
  std::optional<Credentials> current(Time now) const;
  void fetched(ExpiringCredentials credentials, Time now);
  /// Newer ones could not be fetched: the old ones, which are current for some time again, unless they have expired.
  std::optional<Credentials> not_fetched(Time now);
  /// The service refused these: newer ones are due.
  void refused(const Credentials& keys);

 private:
  std::optional<ExpiringCredentials> credentials_{};
  Time due_{};
};

}  // namespace orchestrator::aws
