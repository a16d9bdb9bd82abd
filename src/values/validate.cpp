#include "base/invalid_options.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "base/text_tail.hpp"
#include "base/web_url.hpp"
#include "media/output_format.hpp"
#include "media/validate_video.hpp"

#include <orchestrator/render_options.hpp>
#include <orchestrator/worker/option_checks.hpp>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>

namespace orchestrator {
inline namespace v0 {

namespace {

/// Both limits keep every product with a frame rate or a timescale inside 128 bits.
constexpr std::int64_t most_frames = std::int64_t{1} << 40;
constexpr std::int64_t largest_term = std::int64_t{1} << 60;
constexpr std::int64_t most_seconds = most_frames / 1'000;  // at the highest rate; its samples fit into 64 bits

/// `fps`: nothing if the composition is to say it.
Result<void> validate_duration(Rational duration, std::optional<Rational> fps) {
  const auto [num, den] = duration;
  if (den <= 0 || num <= 0) return invalid_options("duration must be a positive number of seconds");
  if (num > largest_term || den > largest_term)
    return invalid_options("duration: numerator and denominator must be at most 2^60");
  if (num / den >= most_seconds) return invalid_options("duration: the last frame may be beyond 2^40");
  if (fps && frames_in(duration, *fps) <= 0) return invalid_options("duration is shorter than one frame");
  return {};
}

Result<void> validate_range(const RenderOptions& options) {
  if (!options.frames.chosen()) return {};
  const bool has_rate = options.video.fps.num != 0;
  if (const auto duration = options.frames.duration()) {
    return validate_duration(*duration, has_rate ? std::optional(options.video.fps) : std::nullopt);
  }
  const FrameRange frames = options.frame_range();
  if (frames.first < 0) return invalid_options("frames: the first frame must not be negative");
  if (frames.empty()) {
    return invalid_options("frames: the range " + std::to_string(frames.first) + ":" + std::to_string(frames.last) +
                           " is empty (first:last is half-open, last is not rendered)");
  }
  if (frames.last > most_frames) return invalid_options("frames: the last frame is beyond 2^40");
  const auto [num, den] = with_defaults(options.video).fps;
  if (static_cast<detail::Int128>(frames.last) * den / num > most_seconds) {
    return invalid_options("frames: the last frame lies more than " + std::to_string(most_seconds) + " s into the composition");
  }
  return {};
}

bool within(double value, double low, double high) { return std::isfinite(value) && value >= low && value <= high; }

Result<void> validate_track(const AudioTrack& track, const std::string& name) {
  constexpr double longest_s = 1e7;  // about 115 days
  struct Check {
    const char* field;
    double value;
    double low;
    double high;
  };
  if (track.source.empty()) return invalid_options(name + ".source is empty");
  if (valid_utf8(track.source) != track.source) return invalid_options(name + ".source is not valid UTF-8: rename it");
  if (track.duration == 0.0)
    return invalid_options(name + ".duration is 0: leave it out for all of the source, or leave out the track");
  for (const Check& check : std::initializer_list<Check>{{"volume", track.volume, 0, 100},
                                                         {"offset", track.offset, -longest_s, longest_s},
                                                         {"seek", track.seek, 0, longest_s},
                                                         {"duration", track.duration.value_or(1), 0, longest_s},
                                                         {"fade_in", track.fade_in, 0, longest_s},
                                                         {"fade_out", track.fade_out, 0, longest_s},
                                                         {"playback_rate", track.playback_rate, 0.25, 4}}) {
    if (within(check.value, check.low, check.high)) continue;
    return invalid_options(name + "." + check.field + " is " + decimal(check.value) + ", it must be " + decimal(check.low) +
                           " ... " + decimal(check.high));
  }
  return {};
}

Result<void> validate_audio(const AudioOptions& audio) {
  for (std::size_t i = 0; i < audio.tracks.size(); ++i) {
    if (auto checked = validate_track(audio.tracks[i], "audio.tracks[" + std::to_string(i) + "]"); !checked) return checked;
  }
  if (audio.bitrate_kbps < 32 || audio.bitrate_kbps > 512) return invalid_options("audio.bitrate_kbps must be 32 ... 512");
  return {};
}

/// `frames`: 0 if they are not known yet.
Result<void> validate_chunking(const ChunkingOptions& chunking, std::int64_t frames) {
  if (chunking.chunks < 0) return invalid_options("chunking.chunks must not be negative");
  if (chunking.frames_per_chunk < 0) return invalid_options("chunking.frames_per_chunk must not be negative");
  if (chunking.chunks > 0 && chunking.frames_per_chunk > 0) {
    return invalid_options("chunking.chunks and chunking.frames_per_chunk exclude each other");
  }
  if (frames > 0 && chunking.chunks > frames) {
    return invalid_options("chunking.chunks is " + std::to_string(chunking.chunks) + ", more than the " + std::to_string(frames) +
                           " frames to render");
  }
  constexpr int most_workers = 4096;
  if (chunking.workers < 0 || chunking.workers > most_workers)
    return invalid_options("chunking.workers must be 0 (automatic) ... 4096");
  return {};
}

Result<void> validate_timeouts(const TimeoutOptions& timeouts) {
  using std::chrono::milliseconds;
  if (timeouts.load <= milliseconds(0)) return invalid_options("timeouts.load must be positive");
  if (timeouts.frame <= milliseconds(0)) return invalid_options("timeouts.frame must be positive");
  if (timeouts.total < milliseconds(0)) return invalid_options("timeouts.total must not be negative");
  if (timeouts.load > longest_time) return invalid_options("timeouts.load must be at most 1,000,000,000 s");
  if (timeouts.frame > longest_time) return invalid_options("timeouts.frame must be at most 1,000,000,000 s");
  if (timeouts.total > longest_time) return invalid_options("timeouts.total must be at most 1,000,000,000 s");
  return {};
}

Result<void> validate_props(const RenderOptions& options) {
  const std::string& props = options.props;
  // Both texts travel escaped in a job's message, which must fit the worker protocol's longest frame (16 MiB).
  constexpr std::size_t most_bytes = std::size_t{4} << 20;
  if (props.size() > most_bytes) return invalid_options("props is longer than 4 MiB: let the page fetch what is so large");
  if (options.described.size() > most_bytes) {
    return invalid_options("described is longer than 4 MiB: let the composition fetch what its props hold");
  }
  if (auto wrong_json = read_json(props, "props", [](const JsonReader&) {})) return invalid_options(*wrong_json);
  return {};
}

/// Names travel to workers and into plans as JSON, which is UTF-8.
Result<void> validate_names(const RenderOptions& options) {
  struct Name {
    const char* field;
    std::string text;
  };
  for (const Name& name : {Name{"composition", options.composition}, Name{"composition_id", options.composition_id},
                           Name{"output", options.output.string()}, Name{"work_dir", options.work_dir.string()}}) {
    if (valid_utf8(name.text) != name.text) return invalid_options(std::string(name.field) + " is not valid UTF-8: rename it");
  }
  return {};
}

Result<void> validate_url(const std::string& composition) {
  const std::string fault = is_web_url(composition) ? url_fault(composition) : "";
  if (fault.empty()) return {};
  return invalid_options("composition: '" + without_login(composition) + "' is no valid URL: " + fault);
}

bool consists_of(std::string_view text, std::string_view more) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
  });
}

/// The BCP 47 tag for a locale name as in LANG: "de-DE" for "de_DE.UTF-8", "sr-RS" for "sr_RS@latin". Empty for other names.
std::string tag_of_posix_locale(std::string_view locale) {
  std::string tag(locale.substr(0, locale.find_first_of(".@")));
  if (tag.find('_') == std::string::npos && tag.size() == locale.size()) return {};
  std::replace(tag.begin(), tag.end(), '_', '-');
  const auto language = tag.find('-');
  constexpr std::size_t longest_language = 3;  // RFC 5646, 2.1
  return language != std::string::npos && language >= 2 && language <= longest_language && consists_of(tag, "-") ? tag : "";
}

/// Checks the form of the names only. Which names exist is known to Chromium, so each worker asks its own browser
/// (page/page_settings.hpp).
Result<void> validate_page(const PageSettings& page) {
  constexpr std::size_t longest_name = 100;  // longer than any real name
  if (page.timezone.starts_with('+') || page.timezone.starts_with('-')) {
    return invalid_options("page.timezone is '" + valid_utf8(page.timezone) + "': for three hours ahead of UTC write Etc/GMT-3");
  }
  if (page.timezone.empty() || page.timezone.size() > longest_name || !consists_of(page.timezone, "/_+-")) {
    return invalid_options("page.timezone is '" + valid_utf8(page.timezone) + "', not an IANA name, as UTC or Europe/Berlin");
  }
  if (page.locale.empty() || page.locale.size() > longest_name || !consists_of(page.locale, "-")) {
    const std::string tag = tag_of_posix_locale(page.locale);
    return invalid_options("page.locale is '" + valid_utf8(page.locale) + "', not a BCP 47 tag" +
                           (tag.empty() ? ", as en-US or de-DE" : ": write it '" + tag + "'"));
  }
  return {};
}

Result<void> validate_output(const std::filesystem::path& output) {
  if (output.empty()) return invalid_options("output is empty: give the path of the " + container_names() + " to write");
  const std::string text = output.string();
  if (!output.has_filename())
    return invalid_options("output is a folder, '" + text + "': add a file name, as in " + text + "film.mp4");
  if (find_container(output) == nullptr) {
    return invalid_options("output must end in " + container_names() + ", not '" + output.filename().string() + "'");
  }
  return {};
}

}  // namespace

Result<void> validate(const RenderOptions& options) {
  if (auto checked = validate_for_page(options); !checked) return checked;
  if (auto checked = validate_output(options.output); !checked) return checked;
  if (auto checked = validate_range(options); !checked) return checked;
  if (auto checked = validate_audio(options.audio); !checked) return checked;
  const bool depends_on_rate = options.frames.duration() && options.video.fps.num == 0;
  return validate_chunking(options.chunking, depends_on_rate ? 0 : options.frame_range().count());
}

Result<void> validate_for_page(const RenderOptions& options) {
  if (auto checked = validate_names(options); !checked) return checked;
  if (options.composition.empty()) return invalid_options("composition is empty: give a URL, an HTML file or a directory");
  if (auto checked = validate_url(options.composition); !checked) return checked;
  if (auto checked = validate_video(with_defaults(options.video)); !checked) return checked;
  if (auto checked = validate_timeouts(options.timeouts); !checked) return checked;
  if (auto checked = validate_page(options.page); !checked) return checked;
  return validate_props(options);
}

}  // namespace v0
}  // namespace orchestrator
