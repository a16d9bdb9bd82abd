#include "capture/stamp.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <set>
#include <vector>

using namespace orchestrator;

namespace {

constexpr int width = 20;

std::vector<std::byte> picture(std::uint32_t colour) {
  std::vector<std::byte> bytes(std::size_t{width} * 4 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 4) std::memcpy(&bytes[at], &colour, 4);
  return bytes;
}

void set_pixel(std::vector<std::byte>& bytes, int x, int y, std::uint32_t colour) {
  std::memcpy(&bytes[static_cast<std::size_t>(y * width + x) * 4], &colour, 4);
}

}  // namespace

TEST_CASE("stamps: colours do not come twice for a long time and fit into 24 bits", "[capture]") {
  StampColours colours;
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 100'000; ++i) seen.insert(colours.next());
  CHECK(seen.size() == 100'000);
  CHECK(*seen.rbegin() <= 0xffffff);
}

TEST_CASE("stamps: a stamp is read only if all its pixels agree, whatever the unused byte holds", "[capture]") {
  auto bytes = picture(0xff123456);
  CHECK(read_stamp({bytes, width}, 0) == 0x123456);
  CHECK(read_stamp({bytes, width}, stamp_width) == 0x123456);
  set_pixel(bytes, 7, 1, 0x00123457);
  CHECK_FALSE(read_stamp({bytes, width}, 0));
  CHECK(read_stamp({bytes, width}, stamp_width) == 0x123456);
}

TEST_CASE("stamps: a patch copies the stamp's pixels and no others", "[capture]") {
  const auto from = picture(0x0000ff);
  auto to = picture(0x00ff00);
  copy_stamp_area({from, width}, to, width, stamp_width);
  auto expected = picture(0x00ff00);
  for (int y = 0; y < stamp_height; ++y) {
    for (int x = stamp_width; x < corner_width; ++x) set_pixel(expected, x, y, 0x0000ff);
  }
  CHECK(to == expected);
}
