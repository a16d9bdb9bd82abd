#pragma once

#include "media/codecs.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace orchestrator {

/// Bytes of one 8-bit planar frame.
std::size_t planar_size(const PixelFormat& format, int width, int height) noexcept;

/// Converts bgr0 pixels to planar YUV (BT.709 matrix, limited range); chroma is the mean of the pixels that it covers. Integer
/// arithmetic, so the result is the same on every machine; within 1 of the real-valued one.
/// `pixels` holds width x height x 4 bytes, `planes` planar_size(); `format` is not RGB, and its chroma divides the size.
void convert_to_yuv(std::span<const std::byte> pixels, int width, int height, const PixelFormat& format,
                    std::span<std::uint8_t> planes) noexcept;

/// The same without vector instructions beyond the target's baseline, for machines without AVX2 and for tests.
void convert_to_yuv_portable(std::span<const std::byte> pixels, int width, int height, const PixelFormat& format,
                             std::span<std::uint8_t> planes) noexcept;

}  // namespace orchestrator
