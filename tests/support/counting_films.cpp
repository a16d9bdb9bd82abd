#include "support/counting_films.hpp"

#include "support/run_tool.hpp"

#include <vector>

namespace orchestrator::test {

namespace {

struct CountingFilm {
  const char* name;
  const char* rate;
  int frames;
};

constexpr CountingFilm films[] = {{"count24.mp4", "24", 72},        {"count25.mp4", "25", 125}, {"count30.mp4", "30", 90},
                                  {"count60.webm", "60", 150},      {"short30.mp4", "30", 20},  {"half30.mp4", "30", 15},
                                  {"count23.mp4", "24000/1001", 72}};

/// Makes a film; an .mp4 has B frames and few key frames.
void make_film(const CountingFilm& film, const std::filesystem::path& file) {
  const std::string number =
      "nullsrc=s=128x16:r=" + std::string(film.rate) + ",geq=lum='if(mod(floor(N/pow(2,floor(X/16))),2),235,16)':cb=128:cr=128";
  std::vector<std::string> arguments{"ffmpeg", "-v", "error", "-f", "lavfi", "-i", number, "-frames:v"};
  arguments.push_back(std::to_string(film.frames));
  if (file.extension() == ".mp4")
    arguments.insert(arguments.end(), {"-c:v", "libx264", "-pix_fmt", "yuv420p", "-bf", "2", "-g", "48"});
  arguments.push_back(file.string());
  run_tool(arguments);
}

}  // namespace

void make_counting_films(const std::string& text, const std::filesystem::path& folder) {
  const auto is_named = [&](const char* file) { return text.find(file) != std::string::npos; };
  for (const CountingFilm& film : films) {
    if (is_named(film.name)) make_film(film, folder / film.name);
  }
  if (is_named("sound.wav"))
    run_tool({"ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=4", (folder / "sound.wav").string()});
}

}  // namespace orchestrator::test
