#include "support/film.hpp"

#include "support/run_tool.hpp"

#include <algorithm>
#include <cstring>

namespace orchestrator::test {

namespace {

int byte_at(const std::string& bytes, std::size_t at) { return static_cast<unsigned char>(bytes.at(at)); }

}  // namespace

std::array<int, 3> DecodedFilm::rgb(std::size_t frame, std::size_t pixel) const {
  const std::size_t at = frame * frame_bytes + 3 * pixel;
  return {byte_at(bytes, at), byte_at(bytes, at + 1), byte_at(bytes, at + 2)};
}

std::array<int, 3> DecodedFilm::yuv444(std::size_t frame, std::size_t pixel) const {
  const std::size_t plane = frame_bytes / 3;
  const std::size_t at = frame * frame_bytes + pixel;
  return {byte_at(bytes, at), byte_at(bytes, at + plane), byte_at(bytes, at + 2 * plane)};
}

DecodedFilm decode_film(const std::filesystem::path& film, const std::string& pixel_format, std::size_t frame_bytes) {
  return {frame_bytes, run_tool({"ffmpeg", "-v", "error", "-i", "file:" + film.string(), "-map", "0:v", "-vsync", "passthrough",
                                 "-f", "rawvideo", "-pix_fmt", pixel_format, "-"})};
}

std::vector<std::string> frame_hashes(const std::filesystem::path& film) {
  std::istringstream text(
      run_tool({"ffmpeg", "-v", "error", "-i", "file:" + film.string(), "-map", "0:v", "-f", "framemd5", "-"}));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with('#')) lines.push_back(line);
  }
  return lines;
}

std::vector<std::int64_t> presentation_times(const std::filesystem::path& film) {
  std::vector<std::int64_t> times;
  for (const std::string& line : probe(film.string(), "v:0", "packet=pts")) times.push_back(std::stoll(line));
  std::sort(times.begin(), times.end());
  return times;
}

std::vector<float> decode_left_channel(const std::filesystem::path& film) {
  const std::string bytes =
      run_tool({"ffmpeg", "-v", "error", "-i", "file:" + film.string(), "-map", "0:a", "-f", "f32le", "-ar", "48000", "-"});
  constexpr std::size_t channels = 2;
  std::vector<float> left(bytes.size() / sizeof(float) / channels);
  for (std::size_t i = 0; i < left.size(); ++i) std::memcpy(&left[i], bytes.data() + i * channels * sizeof(float), sizeof(float));
  return left;
}

}  // namespace orchestrator::test
