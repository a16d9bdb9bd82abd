#pragma once

#include <orchestrator/chunk.hpp>

#include <string>

namespace orchestrator {

// Keys below `prefix` ("" or "some/path/"); docs/lambda-function.md, "Objects".

/// What the keys of one render's objects begin with, except those of its composition.
std::string render_prefix(const std::string& prefix, const std::string& render);
/// The keys of one chunk's own objects. They are the same for every attempt that would make the same chunk.
struct ChunkKeys {
  std::string result{};
  std::string event{};  ///< of the event, if that is too large for an invocation
};
/// Call it once a chunk: it hashes the whole job, whose props may be megabytes.
ChunkKeys chunk_keys(const std::string& prefix, const ChunkJob& job);
std::string cancel_key(const std::string& prefix, const std::string& render);
/// The key of a manifest that has this text.
std::string manifest_key(const std::string& prefix, const std::string& manifest);

}  // namespace orchestrator
