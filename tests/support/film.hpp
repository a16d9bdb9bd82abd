#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace orchestrator::test {

/// The frames of a film as they decode; three bytes a pixel, in the order of `pixel_format` (rgb24) or as planes (yuv444p).
struct DecodedFilm {
  std::size_t frame_bytes{0};
  std::string bytes{};
  std::size_t frames() const { return bytes.size() / frame_bytes; }
  std::array<int, 3> rgb(std::size_t frame, std::size_t pixel) const;
  /// The Y, U and V samples of a pixel of a 4:4:4 picture.
  std::array<int, 3> yuv444(std::size_t frame, std::size_t pixel) const;
};
DecodedFilm decode_film(const std::filesystem::path& film, const std::string& pixel_format, std::size_t frame_bytes);

/// A line for each decoded frame: its time and the hash of its pixels.
std::vector<std::string> frame_hashes(const std::filesystem::path& film);

/// Presentation times of the video's packets in display order, in ticks of the stream.
std::vector<std::int64_t> presentation_times(const std::filesystem::path& film);

/// The left channel of the sound, at 48 kHz.
std::vector<float> decode_left_channel(const std::filesystem::path& film);

}  // namespace orchestrator::test
