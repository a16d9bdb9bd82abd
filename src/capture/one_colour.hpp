#pragma once

#include "capture/frame.hpp"

#include <cstddef>
#include <span>

namespace orchestrator {

/// Whether all pixels of a frame have the same colour. Ends at the first that has another. False, too, for what is no whole PNG
/// of 8-bit RGB or RGBA, which is what Chromium writes. Pure.
bool is_one_colour(std::span<const std::byte> frame, FrameLayout layout);

}  // namespace orchestrator
