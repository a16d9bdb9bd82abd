#pragma once

#include <cstddef>
#include <string>

namespace orchestrator::test {

/// The colour at a place of a studio's picture (320 wide; B, G, R, 0), as 0xRRGGBB.
inline unsigned colour_at(const std::string& picture, std::size_t x, std::size_t y) {
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned>(static_cast<unsigned char>(picture.at((y * 320 + x) * 4 + i)));
  };
  return byte(2) << 16 | byte(1) << 8 | byte(0);
}

}  // namespace orchestrator::test
