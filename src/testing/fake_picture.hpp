#pragma once

#include <orchestrator/testing/fake_executor.hpp>

#include <optional>
#include <span>
#include <string>

namespace orchestrator {
inline namespace v0 {
namespace testing {

// A picture of a FakeExecutor is a grid of 25 x 7 cells, with a margin at the right and at the bottom where the size is no
// multiple. Six digits of 3 x 5 cells are made of bars, as on a pocket calculator, so that no font is needed to draw or to read
// them.

inline constexpr int picture_columns = 25;
inline constexpr int picture_rows = 7;
/// Coded at any quality, a cell of fewer pixels may take the colour of its neighbours.
inline constexpr int least_cell = 2;

/// The source for ffmpeg's lavfi that draws the frames of `job`, without end, as RGB.
std::string picture_source(const ChunkJob& job);
/// The bars of digits as JSON, for pages that draw the same: [x, y, width, height, "digits that have it"] each, in cells.
std::string bars_as_json();
/// ffmpeg's -vf that reduces each picture to one pixel a cell.
std::string reading_filter();
/// Reads such a picture: 25 x 7 pixels of rgb24. Nothing if a digit is none.
std::optional<FakeFrame> read_picture(std::span<const unsigned char> rgb);

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
