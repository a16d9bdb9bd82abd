#include "assemble/audio_arguments.hpp"

#include "base/text.hpp"
#include "base/web_url.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace orchestrator {

namespace {

bool is_remote(const AudioTrack& track) { return is_web_url(track.source); }

std::string filters(const AudioTrack& track, int source_channels, std::int64_t limit) {
  const std::int64_t skipped = std::llround(track.seek * static_cast<double>(sample_rate));
  std::string chain;
  // swresample plays mono 3 dB softer on each side (rematrix.c, build_matrix); a page plays it at full level.
  if (source_channels == 1) chain = "pan=stereo|c0=c0|c1=c0,";
  // first_pts=0: sound that starts late in its file starts late here, too.
  chain += "aresample=" + std::to_string(sample_rate) + ":first_pts=0,aformat=sample_fmts=flt:channel_layouts=stereo";
  // `seek` is cut off after decoding, by counting samples, because seeking in a file is not exact for every format.
  chain += ",atrim=start_sample=" + std::to_string(skipped) + ",asetpts=N";
  for (const double factor : tempo_factors(track.playback_rate)) chain += ",atempo=" + decimal(factor);
  return chain + ",atrim=end_sample=" + std::to_string(limit);
}

}  // namespace

AudioSource audio_source(const AudioTrack& track, const std::string& authorities) {
  if (!is_remote(track)) return {"file:" + track.source, "file"};
  AudioSource source{track.source, "http,https,tcp,tls,crypto"};
  // Without it, ffmpeg takes any certificate (ffmpeg-protocols(1), "tls"). Whether it is the host's, it checks then by itself;
  // -verifyhost would be another host's after a redirection. ffmpeg refuses both options for http.
  if (track.source.starts_with("https:")) source.options = {"-tls_verify", "1"};
  if (!source.options.empty() && !authorities.empty()) source.options.insert(source.options.end(), {"-ca_file", authorities});
  return source;
}

std::string broken_off(const AudioTrack& track, std::string_view last_words) {
  if (!is_remote(track)) return {};  // a local file that is cut short sounds as far as it goes, as in a browser
  const std::string start = track.source + ": ";
  while (!last_words.empty()) {
    const std::string_view line = last_words.substr(0, last_words.find('\n'));
    if (line.starts_with(start)) return std::string(line.substr(start.size()));
    last_words.remove_prefix(std::min(line.size() + 1, last_words.size()));
  }
  return {};
}

bool is_playlist(std::string_view container) {
  constexpr std::string_view playlists[] = {"hls", "dash", "concat", "imf"};
  return std::find(std::begin(playlists), std::end(playlists), container.substr(0, container.find(','))) != std::end(playlists);
}

std::vector<double> tempo_factors(double rate) {
  std::vector<double> factors;
  for (; rate > 2; rate /= 2) factors.push_back(2);
  for (; rate < 0.5; rate /= 0.5) factors.push_back(0.5);
  if (rate != 1) factors.push_back(rate);
  return factors;
}

std::vector<std::string> decode_arguments(const AudioTrack& track, const AudioSource& source, int source_channels,
                                          std::int64_t limit, std::chrono::milliseconds load_timeout,
                                          const std::filesystem::path& output) {
  std::vector<std::string> arguments{"-protocol_whitelist", source.protocols};
  arguments.insert(arguments.end(), source.options.begin(), source.options.end());
  if (is_remote(track)) {  // -rw_timeout is in microseconds (ffmpeg-protocols(1))
    arguments.insert(arguments.end(), {"-rw_timeout", std::to_string(std::chrono::microseconds(load_timeout).count())});
  }
  arguments.insert(arguments.end(), {"-i", source.url, "-map", "0:a:0", "-af", filters(track, source_channels, limit), "-f",
                                     "f32le", "-y", "file:" + output.string()});
  return arguments;
}

std::vector<std::string> sound_arguments(const std::filesystem::path& samples, int bitrate_kbps, const Container& film,
                                         const std::filesystem::path& output) {
  return {"-protocol_whitelist",
          "file",
          "-f",
          "f32le",
          "-ar",
          std::to_string(sample_rate),
          "-ac",
          std::to_string(channels),
          "-i",
          "file:" + samples.string(),
          "-c:a",
          std::string(film.sound_encoder),
          "-b:a",
          std::to_string(bitrate_kbps) + "k",
          "-f",
          std::string(film.muxer),
          "-y",
          "file:" + output.string()};
}

}  // namespace orchestrator
