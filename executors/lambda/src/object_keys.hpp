#pragma once

#include <orchestrator/chunk.hpp>

#include <string>

namespace orchestrator {

// Keys below `prefix` ("" or "some/path/"); docs/lambda-function.md, "Objects".

/// Everything of one render but its composition.
std::string render_prefix(const std::string& prefix, const std::string& render);
/// The same for every attempt that would make the same chunk.
std::string result_key(const std::string& prefix, const ChunkJob& job);
/// Of the event, if that is too large for an invocation.
std::string event_key(const std::string& prefix, const ChunkJob& job);
std::string cancel_key(const std::string& prefix, const std::string& render);
/// Of a manifest, by its text.
std::string manifest_key(const std::string& prefix, const std::string& manifest);

}  // namespace orchestrator
