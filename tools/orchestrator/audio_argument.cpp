#include "orchestrator/audio_argument.hpp"

#include "base/text.hpp"
#include "base/web_url.hpp"
#include "orchestrator/number_arguments.hpp"

#include <array>
#include <utility>

namespace orchestrator::tool {

namespace {

constexpr std::array<std::pair<std::string_view, double AudioTrack::*>, 6> numbers{{{"volume", &AudioTrack::volume},
                                                                                    {"offset", &AudioTrack::offset},
                                                                                    {"seek", &AudioTrack::seek},
                                                                                    {"fade-in", &AudioTrack::fade_in},
                                                                                    {"fade-out", &AudioTrack::fade_out},
                                                                                    {"rate", &AudioTrack::playback_rate}}};

bool is_setting(std::string_view name) {
  for (const auto& [known, member] : numbers) {
    if (known == name) return true;
  }
  return name == "duration" || name == "loop";
}

/// A part with an @ belongs to a URL whose password has a comma.
bool looks_like_setting(std::string_view part) {
  const auto equals = part.find('=');
  if (equals == std::string_view::npos || equals == 0 || part.find('@') != std::string_view::npos) return false;
  return part.substr(0, equals).find_first_not_of("abcdefghijklmnopqrstuvwxyz-_") == std::string_view::npos;
}

Error wrong(std::string_view text, const std::string& what) {
  return Error{.code = Errc::invalid_options, .detail = "--audio '" + without_login(std::string(text)) + "': " + what};
}

/// Applies a setting to a track. Returns what is wrong with the value, or nothing.
std::string apply(std::string_view name, std::string_view value, AudioTrack& track) {
  const auto number = parse_finite(value);
  if (name == "loop") {
    if (value != "0" && value != "1") return "loop is 0 or 1, not '" + std::string(value) + "'";
    track.loop = value == "1";
    return {};
  }
  if (!number) return std::string(name) + " is a number, not '" + std::string(value) + "'";
  if (name == "duration") track.duration = *number;
  for (const auto& [known, member] : numbers) {
    if (known == name) track.*member = *number;
  }
  return {};
}

}  // namespace

Result<AudioTrack> parse_audio_track(std::string_view text, const std::function<bool(const std::string&)>& is_file) {
  AudioTrack track;
  std::string_view rest = text;
  for (auto comma = rest.rfind(','); comma != std::string_view::npos; comma = rest.rfind(',')) {
    const std::string_view part = trimmed(rest.substr(comma + 1));
    if (!looks_like_setting(part) || is_file(std::string(rest))) break;
    const auto equals = part.find('=');
    const std::string_view name = part.substr(0, equals);
    if (!is_setting(name)) {
      return wrong(text, "there is no setting '" + std::string(name) +
                             "' (known: volume, offset, seek, duration, fade-in, fade-out, loop, rate), and no file '" +
                             without_login(std::string(rest)) + "'");
    }
    if (std::string what = apply(name, part.substr(equals + 1), track); !what.empty()) return wrong(text, what);
    rest = rest.substr(0, comma);
  }
  if (rest.empty()) return wrong(text, "no file given");
  track.source = rest;
  return track;
}

}  // namespace orchestrator::tool
