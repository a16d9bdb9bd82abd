#pragma once

#include "lambda/aws/aws_config.hpp"

#include <chrono>
#include <optional>

namespace orchestrator::aws {

/// Keeps credentials and decides when newer ones are due: some time before these expire, and after a pause if a fetch failed.
/// Pure.
class CredentialCache {
 public:
  using Time = std::chrono::system_clock::time_point;

  /// The credentials to use; nothing if newer ones are due.
  std::optional<Credentials> current(Time now) const;
  void fetched(ExpiringCredentials credentials, Time now);
  /// Call it when newer ones could not be fetched. Returns the old ones, which are then current for a while, unless they have
  /// expired.
  std::optional<Credentials> not_fetched(Time now);
  /// Call it when the service refused `keys`: newer ones are due.
  void refused(const Credentials& keys);

 private:
  std::optional<ExpiringCredentials> credentials_{};
  Time due_{};
};

}  // namespace orchestrator::aws
