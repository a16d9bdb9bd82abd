#pragma once

#include <orchestrator/chunk.hpp>

#include <string>

namespace orchestrator {

// Keys below `prefix` ("" or "some/path/"); docs/lambda-function.md, "Objects".

/// The keys of what one attempt at a chunk has in the bucket.
struct AttemptKeys {
  std::string result{};
  std::string event{};   ///< of the event, if that is too large for an invocation
  std::string cancel{};  ///< of the marker that makes the attempt's functions end
};
/// `id` tells this attempt from all others at chunks of this render.
AttemptKeys attempt_keys(const std::string& prefix, const ChunkJob& job, const std::string& id);
/// 64 random bits of the system as hexadecimal digits: an id that nobody else has.
std::string random_attempt_id();
/// The key of a manifest that has this text.
std::string manifest_key(const std::string& prefix, const std::string& manifest);

}  // namespace orchestrator
