#pragma once

#include <orchestrator/frame_range.hpp>

#include <cstdint>
#include <vector>

namespace orchestrator {

/// At most `count` frames of `range`, ascending: the first, the last, and others evenly between them. Every second of those is
/// moved by one frame, so that even and odd frames are seen whatever the distance is. A single sample is the last frame, which is
/// the farthest from frame 0. The choice is the same in every run. Pure.
std::vector<std::int64_t> choose_samples(FrameRange range, int count);

}  // namespace orchestrator
