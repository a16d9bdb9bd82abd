#include "orchestrator/option_names.hpp"

#include "base/parse_number.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orchestrator::tool {

namespace {

using Name = std::pair<std::string_view, std::string_view>;

// Where one is the beginning of another, the longer one comes first.
constexpr std::array<Name, 31> fields{{{"video.pixel_format", "--pixel-format"},
                                       {"video.width x video.height", "--width x --height"},
                                       {"video.width", "--width"},
                                       {"video.height", "--height"},
                                       {"video.preset", "--preset"},
                                       {"video.codec", "--codec"},
                                       {"video.crf", "--crf"},
                                       {"video.fps", "--fps"},
                                       {"audio.bitrate_kbps", "--audio-bitrate"},
                                       {"chunking.frames_per_chunk", "--chunk-frames"},
                                       {"chunking.chunks", "--chunks"},
                                       {"chunking.workers", "--workers"},
                                       {"timeouts.load", "--load-timeout"},
                                       {"timeouts.frame", "--frame-timeout"},
                                       {"timeouts.total", "--timeout"},
                                       {"page.timezone", "--timezone"},
                                       {"page.locale", "--locale"},
                                       {"lambda.function", "--lambda-function"},
                                       {"lambda.bucket", "--lambda-bucket"},
                                       {"lambda.region", "--lambda-region"},
                                       {"lambda.max_concurrency", "--lambda-concurrency"},
                                       {"lambda.lambda_endpoint", "--lambda-endpoint"},
                                       {"lambda.s3_endpoint", "--s3-endpoint"},
                                       {"slurm.workers", "--slurm-workers"},
                                       {"slurm.partition", "--slurm-partition"},
                                       {"slurm.account", "--slurm-account"},
                                       {"slurm.constraint", "--slurm-constraint"},
                                       {"slurm.cpus", "--slurm-cpus"},
                                       {"slurm.memory_mib", "--slurm-memory"},
                                       {"slurm.time", "--slurm-time"},
                                       {"slurm.srun_options", "--slurm-option"}}};

// These words are names of fields only at the start of a message.
constexpr std::array<Name, 9> first_words{{{"chunking: ", ""},
                                           {"composition_id", "--composition"},
                                           {"frames: the composition", "--frames or --duration: the composition"},
                                           {"frames: say", "--frames or --duration: say"},
                                           {"duration", "--duration"},
                                           {"frames", "--frames"},
                                           {"output", "--output"},
                                           {"props", "--props"},
                                           {"work_dir", "--work-dir"}}};

constexpr std::array<Name, 5> cited{{{"(timeouts.load)", "(--load-timeout)"},
                                     {"(timeouts.total)", "(--timeout)"},
                                     {"(page.strict)", "(--strict)"},
                                     {"(slurm.time)", "(--slurm-time)"},
                                     {"(slurm.memory_mib)", "(--slurm-memory)"}}};

void replace_all(std::string& text, const Name& name) {
  for (auto at = text.find(name.first); at != std::string::npos; at = text.find(name.first, at + name.second.size())) {
    text.replace(at, name.first.size(), name.second);
  }
}

/// "audio.tracks[1].fade_in is ..." becomes "--audio, track 2: fade-in is ...".
std::string with_track_names(std::string text) {
  constexpr std::string_view start = "audio.tracks[";
  const auto close = text.find("].");
  if (!text.starts_with(start) || close == std::string::npos) return text;
  const auto index = parse_number<int>(std::string_view(text).substr(start.size(), close - start.size()));
  if (!index) return text;
  std::string rest = text.substr(close + 2);
  if (rest.starts_with("playback_")) rest.erase(0, std::string_view("playback_").size());
  const auto name_end = rest.begin() + static_cast<std::ptrdiff_t>(std::min(rest.find(' '), rest.size()));
  std::replace(rest.begin(), name_end, '_', '-');
  return "--audio, track " + std::to_string(*index + 1) + ": " + rest;
}

}  // namespace

std::string with_option_names(std::string_view text) {
  std::string result(text);
  if (text.starts_with("--")) return result;  // a message of the command line itself, which may quote the user's files
  for (const Name& word : first_words) {
    if (!result.starts_with(word.first)) continue;
    result.replace(0, word.first.size(), word.second);
    break;
  }
  // What is quoted is the user's own text, and stays as it is.
  std::string quoted = result.substr(std::min(result.find_first_of("'\""), result.size()));
  result.erase(result.size() - quoted.size());
  for (const Name& field : fields) replace_all(result, field);
  return with_track_names(result + quoted);
}

Error in_option_names(Error error) {
  if (error.code == Errc::invalid_options) {
    error.detail = with_option_names(error.detail);
  } else {
    for (const Name& limit : cited) replace_all(error.detail, limit);
  }
  return error;
}

}  // namespace orchestrator::tool
