#include "support/source_clip.hpp"

#include "support/run_tool.hpp"

#include <cmath>
#include <set>

namespace orchestrator::test {

namespace {

std::vector<std::string> cut_bmps(const std::string& bytes) {
  std::vector<std::string> pictures;
  for (std::size_t at = 0; at < bytes.size(); at += pictures.back().size()) {
    std::size_t size = 0;
    for (std::size_t i = 6; i-- > 2;) size = size << 8 | static_cast<unsigned char>(bytes.at(at + i));
    pictures.push_back(bytes.substr(at, size));
  }
  return pictures;
}

}  // namespace

double SourceClip::seconds(std::size_t frame, double share) const {
  const auto next = frame + 1 < times.size() ? times[frame + 1] : times[frame];
  const double tick = static_cast<double>(times[frame]) + share * static_cast<double>(next - times[frame]);
  return tick * static_cast<double>(time_base.num) / static_cast<double>(time_base.den);
}

const std::string& SourceClip::at(double time_s) const {
  const auto tick = std::llround(time_s * static_cast<double>(time_base.den) / static_cast<double>(time_base.num));
  std::size_t frame = 0;
  while (frame + 1 < times.size() && times[frame + 1] <= tick) ++frame;
  return pictures[frame];
}

SourceClip make_clip(const std::filesystem::path& file, const std::vector<std::string>& arguments, int width, int height) {
  // The luma tells the frame, and so does a bar: codecs that lose some of one keep the other.
  const std::string source =
      "color=black:r=30:s=" + std::to_string(width) + "x" + std::to_string(height) +
      ",format=yuv420p,geq=lum='if(lt(Y,H/2),16+2*mod(N,110),16+219*lt(mod(X+3*N,W),W/3))':cb=128:cr='60+mod(N,130)'";
  std::vector<std::string> argv{"ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", source};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  argv.push_back(file.string());
  run_tool(argv);
  return read_clip(file);
}

SourceClip read_clip(const std::filesystem::path& file) {
  SourceClip clip{.file = file};
  const std::string base = probe(file.string(), "V:0", "stream=time_base").at(0);
  clip.time_base = {std::stoll(base), std::stoll(base.substr(base.find('/') + 1))};
  for (const std::string& time : probe(file.string(), "V:0", "frame=best_effort_timestamp"))
    clip.times.push_back(std::stoll(time));
  clip.pictures =
      cut_bmps(run_tool({"ffmpeg", "-v", "error", "-nostdin", "-i", file.string(), "-map", "0:V:0", "-vf", "scale=flags=bilinear",
                         "-fps_mode", "passthrough", "-pix_fmt", "bgr24", "-c:v", "bmp", "-f", "image2pipe", "pipe:1"}));
  const bool all_differ = std::set<std::string>(clip.pictures.begin(), clip.pictures.end()).size() == clip.pictures.size();
  if (clip.times.size() != clip.pictures.size() || !all_differ) throw std::runtime_error(file.string() + " is no good clip");
  return clip;
}

}  // namespace orchestrator::test
