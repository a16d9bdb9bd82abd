#pragma once

#include <orchestrator/chunk.hpp>

#include <string>

namespace orchestrator {

// Keys below `prefix` ("" or "some/path/"); docs/lambda-function.md, "Objects".

/// Everything of one render but its composition.
std::string render_prefix(const std::string& prefix, const std::string& render);
/// What belongs to one chunk alone. The same for every attempt that would make the same chunk.
struct ChunkKeys {
  std::string result{};
  std::string event{};  ///< of the event, if that is too large for an invocation
};
/// Sums up the whole job, whose props may be megabytes: once a chunk.
ChunkKeys chunk_keys(const std::string& prefix, const ChunkJob& job);
std::string cancel_key(const std::string& prefix, const std::string& render);
/// Of a manifest, by its text.
std::string manifest_key(const std::string& prefix, const std::string& manifest);

}  // namespace orchestrator
