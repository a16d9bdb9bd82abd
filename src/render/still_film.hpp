#pragma once

#include <orchestrator/render_orchestrator.hpp>

#include <string>
#include <vector>

namespace orchestrator {

/// A warning if all frames of a film show the same picture, which may be of one colour; else empty. Empty, too, if a chunk does
/// not say what it shows, and for chunks of different capture backends, whose digests cannot be compared. Pure.
std::string still_film(const std::vector<ChunkReport>& chunks);

}  // namespace orchestrator
