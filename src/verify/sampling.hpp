#pragma once

#include <orchestrator/frame_range.hpp>

#include <cstdint>
#include <vector>

namespace orchestrator {

/// At most `count` frames of `range`, ascending: the first, the last, and others evenly between them. Every second of those is
/// moved by one frame, so that even and odd ones are seen whatever the distance is. One alone is the last, which has the
/// longest way. The same choice in every run. Pure.
std::vector<std::int64_t> choose_samples(FrameRange range, int count);

}  // namespace orchestrator
