#include "encode/yuv.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>
#include <vector>

using namespace orchestrator;

namespace {

struct Yuv {
  double y, u, v;
};

/// BT.709-6, items 3.2 to 3.5, in floating point.
Yuv reference(double red, double green, double blue) {
  const double luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return {16 + 219 * luma / 255, 128 + 224 * (blue - luma) / 1.8556 / 255, 128 + 224 * (red - luma) / 1.5748 / 255};
}

const PixelFormat& format_of(const char* name) { return *find_pixel_format(*find_codec("h264"), name); }

std::vector<std::uint32_t> random_pixels(int width, int height, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::uint32_t> pixels(static_cast<std::size_t>(width * height));
  for (auto& pixel : pixels) pixel = static_cast<std::uint32_t>(random());  // the fourth byte is not zero: it must not matter
  return pixels;
}

std::vector<std::uint8_t> convert(const std::vector<std::uint32_t>& pixels, int width, int height, const PixelFormat& format) {
  std::vector<std::uint8_t> planes(planar_size(format, width, height));
  convert_to_yuv(std::as_bytes(std::span(pixels)), width, height, format, planes);
  return planes;
}

/// Mean colour of the block of pixels a chroma sample covers.
Yuv block_mean(const std::vector<std::uint32_t>& pixels, int width, int x, int y, int columns, int rows) {
  double red = 0, green = 0, blue = 0;
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const std::uint32_t pixel = pixels[static_cast<std::size_t>((y + row) * width + x + column)];
      red += (pixel >> 16) & 255U;
      green += (pixel >> 8) & 255U;
      blue += pixel & 255U;
    }
  }
  const double count = columns * rows;
  return reference(red / count, green / count, blue / count);
}

}  // namespace

TEST_CASE("yuv: every sample is within 1 of the real-valued one", "[encode]") {
  const PixelFormat& format = format_of(GENERATE("yuv420p", "yuv422p", "yuv444p"));
  const int width = 134, height = 46;
  const auto pixels = random_pixels(width, height, 1);
  const auto planes = convert(pixels, width, height, format);
  const int chroma_width = width / format.chroma_width, chroma_height = height / format.chroma_height;
  double worst = 0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const double expected = block_mean(pixels, width, x, y, 1, 1).y;
      worst = std::max(worst, std::abs(expected - planes[static_cast<std::size_t>(y * width + x)]));
    }
  }
  const std::size_t u = static_cast<std::size_t>(width * height), v = u + static_cast<std::size_t>(chroma_width * chroma_height);
  for (int y = 0; y < chroma_height; ++y) {
    for (int x = 0; x < chroma_width; ++x) {
      const Yuv expected =
          block_mean(pixels, width, x * format.chroma_width, y * format.chroma_height, format.chroma_width, format.chroma_height);
      const auto at = static_cast<std::size_t>(y * chroma_width + x);
      worst = std::max({worst, std::abs(expected.u - planes[u + at]), std::abs(expected.v - planes[v + at])});
    }
  }
  CHECK(worst <= 0.52);  // rounding to a whole number is 0.5 of it
}

TEST_CASE("yuv: vector and portable code agree to the bit, whatever the width", "[encode]") {
  const PixelFormat& format = format_of(GENERATE("yuv420p", "yuv422p", "yuv444p"));
  for (int width = 2; width <= 140; width += 2) {
    const auto pixels = random_pixels(width, 4, static_cast<unsigned>(width));
    std::vector<std::uint8_t> portable(planar_size(format, width, 4));
    convert_to_yuv_portable(std::as_bytes(std::span(pixels)), width, 4, format, portable);
    REQUIRE(convert(pixels, width, 4, format) == portable);
  }
}

TEST_CASE("yuv: every grey is without colour, black is 16 and white 235", "[encode]") {
  for (std::uint32_t grey = 0; grey < 256; ++grey) {
    const auto planes = convert(std::vector<std::uint32_t>(4, grey * 0x010101U), 2, 2, format_of("yuv420p"));
    REQUIRE(planes[4] == 128);
    REQUIRE(planes[5] == 128);
    if (grey == 0) CHECK(planes[0] == 16);
    if (grey == 255) CHECK(planes[0] == 235);
  }
}

TEST_CASE("yuv: a frame's size follows from its format", "[encode]") {
  CHECK(planar_size(format_of("yuv420p"), 1920, 1080) == 3'110'400);
  CHECK(planar_size(format_of("yuv422p"), 1920, 1080) == 4'147'200);
  CHECK(planar_size(format_of("yuv444p"), 3, 3) == 27);
}
