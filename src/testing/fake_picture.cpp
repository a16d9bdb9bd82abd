#include "testing/fake_picture.hpp"

#include "media/codecs.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace orchestrator {
inline namespace v0 {
namespace testing {

namespace {

/// A bar of a digit, in cells from the digit's upper left corner: what it covers, a cell that no other bar covers, and the values
/// whose digit has it.
struct Bar {
  int x, y, width, height;
  int own_x, own_y;
  std::string_view digits;
};
constexpr std::array<Bar, 7> bars{{{0, 0, 3, 1, 1, 0, "02356789"},
                                   {2, 0, 1, 3, 2, 1, "01234789"},
                                   {2, 2, 1, 3, 2, 3, "013456789"},
                                   {0, 4, 3, 1, 1, 4, "0235689"},
                                   {0, 2, 1, 3, 0, 3, "0268"},
                                   {0, 0, 1, 3, 0, 1, "045689"},
                                   {0, 2, 3, 1, 1, 2, "2345689"}}};
constexpr int digit_count = 6;
constexpr int digit_pitch = 4;

constexpr bool has_bar(const Bar& bar, int digit) {
  return bar.digits.find(static_cast<char>('0' + digit)) != std::string_view::npos;
}

struct Rgb {
  int red, green, blue;
};
/// Dark, because the digits are white.
constexpr std::array<Rgb, 8> colours{{{0x20, 0x40, 0xa0},
                                      {0xa0, 0x20, 0x30},
                                      {0x20, 0x70, 0x30},
                                      {0x80, 0x50, 0x00},
                                      {0x60, 0x20, 0x90},
                                      {0x00, 0x60, 0x70},
                                      {0x40, 0x40, 0x40},
                                      {0x80, 0x10, 0x60}}};

int distance(Rgb one, Rgb other) {
  const int red = one.red - other.red, green = one.green - other.green, blue = one.blue - other.blue;
  return red * red + green * green + blue * blue;
}

std::string colour_name(int chunk) {
  const Rgb& colour = colours[static_cast<std::size_t>(chunk) % colours.size()];
  char name[16];
  std::snprintf(name, sizeof name, "0x%02x%02x%02x", static_cast<unsigned>(colour.red), static_cast<unsigned>(colour.green),
                static_cast<unsigned>(colour.blue));
  return name;
}

/// ffmpeg's expression that is 1 while the digit of value 10^`exponent` in the frame's number has the bar.
std::string shown(const Bar& bar, std::int64_t first, int exponent) {
  int with_bar = 0;
  for (int digit = 0; digit < 10; ++digit) with_bar |= has_bar(bar, digit) ? 1 << digit : 0;
  const std::string digit = "mod(floor((n+" + std::to_string(first) + ")/pow(10," + std::to_string(exponent) + ")),10)";
  return "mod(floor(" + std::to_string(with_bar) + "/pow(2," + digit + ")),2)";
}

/// The picture's cells as one reads them.
struct Cells {
  std::span<const unsigned char> rgb;
  Rgb at(int x, int y) const {
    const auto index = static_cast<std::size_t>(3 * (y * picture_columns + x));
    return {rgb[index], rgb[index + 1], rgb[index + 2]};
  }
  bool white(int x, int y) const {
    const Rgb cell = at(x, y);
    return cell.red + cell.green + cell.blue > 3 * 0xa0;
  }
};

std::optional<int> read_digit(const Cells& cells, int left) {
  for (int digit = 0; digit < 10; ++digit) {
    const bool is_it = std::all_of(bars.begin(), bars.end(), [&](const Bar& bar) {
      return cells.white(left + bar.own_x, 1 + bar.own_y) == has_bar(bar, digit);
    });
    if (is_it) return digit;
  }
  return std::nullopt;
}

int read_colour(Rgb found) {
  const auto nearest = std::min_element(colours.begin(), colours.end(), [&](const Rgb& one, const Rgb& other) {
    return distance(one, found) < distance(other, found);
  });
  return static_cast<int>(nearest - colours.begin());
}

}  // namespace

std::string picture_source(const ChunkJob& job) {
  const Rational fps = reduced(job.video.fps);
  const int cell_width = job.video.width / picture_columns, cell_height = job.video.height / picture_rows;
  std::string source = "color=c=" + colour_name(job.chunk) + ":s=" + std::to_string(job.video.width) + "x" +
                       std::to_string(job.video.height) + ":r=" + std::to_string(fps.num) + "/" + std::to_string(fps.den) +
                       ",format=gbrp";
  for (int place = 0; place < digit_count; ++place) {
    for (const Bar& bar : bars) {
      source += ",drawbox=x=" + std::to_string((1 + digit_pitch * place + bar.x) * cell_width) +
                ":y=" + std::to_string((1 + bar.y) * cell_height) + ":w=" + std::to_string(bar.width * cell_width) +
                ":h=" + std::to_string(bar.height * cell_height) + ":color=white:t=fill:enable='" +
                shown(bar, job.frames.first, digit_count - 1 - place) + "'";
    }
  }
  return source;
}

std::string bars_as_json() {
  std::string json;
  for (const Bar& bar : bars) {
    json += (json.empty() ? "[[" : ", [") + std::to_string(bar.x) + ", " + std::to_string(bar.y) + ", " +
            std::to_string(bar.width) + ", " + std::to_string(bar.height) + ", \"" + std::string(bar.digits) + "\"]";
  }
  return json + "]";
}

std::string reading_filter() {
  const std::string columns = std::to_string(picture_columns), rows = std::to_string(picture_rows);
  return "format=rgb24,crop=floor(iw/" + columns + ")*" + columns + ":floor(ih/" + rows + ")*" + rows + ":0:0,scale=" + columns +
         ":" + rows + ":flags=area";
}

std::optional<FakeFrame> read_picture(std::span<const unsigned char> rgb) {
  const Cells cells{rgb};
  FakeFrame frame{.colour = read_colour(cells.at(0, 0))};
  for (int place = 0; place < digit_count; ++place) {
    const auto digit = read_digit(cells, 1 + digit_pitch * place);
    if (!digit) return std::nullopt;
    frame.number = frame.number * 10 + *digit;
  }
  return frame;
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
