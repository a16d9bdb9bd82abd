#include "assemble/audio_placement.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace orchestrator {

namespace {

std::int64_t to_samples(double seconds) noexcept { return std::llround(seconds * static_cast<double>(sample_rate)); }

std::string seconds(double value) {
  char text[32];  // enough for the 10^7 that validate() allows
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 2);
  return std::string(text, end) + " s";
}

}  // namespace

SampleRange samples_of(FrameRange frames, Rational fps) noexcept {
  return {first_sample_of_frame(frames.first, fps, sample_rate), first_sample_of_frame(frames.last, fps, sample_rate)};
}

Placement place_track(const AudioTrack& track, SampleRange render, std::int64_t source_length) noexcept {
  Placement placement{.first = to_samples(track.offset),
                      .source_length = source_length,
                      .fade_in = to_samples(track.fade_in),
                      .fade_out = to_samples(track.fade_out),
                      .volume = track.volume};
  if (source_length == 0) return placement;
  const std::int64_t to_the_end = std::max<std::int64_t>(render.last - placement.first, 0);
  const std::int64_t available = track.loop ? to_the_end : source_length;
  const std::int64_t wanted = track.duration ? to_samples(*track.duration) : available;
  placement.length = track.loop ? wanted : std::min(wanted, available);
  return placement;
}

std::int64_t samples_needed(const AudioTrack& track, SampleRange render) noexcept {
  const std::int64_t first = to_samples(track.offset);
  const std::int64_t to_the_end = render.last - first;
  const bool over_before = track.duration && first + to_samples(*track.duration) <= render.first;
  if (to_the_end <= 0 || over_before) return 0;
  // A fade-out is placed by the source's end, which must therefore be found even if it lies beyond the render, by up to the
  // fade's length.
  const std::int64_t audible = to_the_end + (track.loop ? 0 : to_samples(track.fade_out));
  return track.duration ? std::min(audible, to_samples(*track.duration)) : audible;
}

double gain_at(const Placement& placement, std::int64_t position) noexcept {
  double gain = placement.volume;
  const std::int64_t remaining = placement.length - position;
  // The gain is that of the sample's middle, so that a fade-in and a fade-out of the same length mirror each other.
  if (position < placement.fade_in) gain *= (static_cast<double>(position) + 0.5) / static_cast<double>(placement.fade_in);
  if (remaining <= placement.fade_out) gain *= (static_cast<double>(remaining) - 0.5) / static_cast<double>(placement.fade_out);
  return gain;
}

std::string why_silent(const AudioTrack& track, SampleRange render, std::optional<std::int64_t> source_length,
                       std::optional<double> source_s) {
  const std::int64_t first = to_samples(track.offset);
  if (first >= render.last) {
    const double end_s = static_cast<double>(render.last) / static_cast<double>(sample_rate);
    return "it starts at " + seconds(track.offset) + " (offset), the render ends at " + seconds(end_s);
  }
  if (source_length == 0) {
    return "it starts " + seconds(track.seek) + " into its source (seek), which " +
           (source_s ? "is " + seconds(*source_s) + " long" : std::string("has ended by then"));
  }
  const std::int64_t length =
      source_length ? place_track(track, render, *source_length).length : to_samples(track.duration.value_or(0));
  if (first + length > 0) return {};
  const double length_s = static_cast<double>(length) / static_cast<double>(sample_rate);
  return "it starts at " + seconds(track.offset) + " (offset) and is " + seconds(length_s) + " long, so it ends before frame 0";
}

}  // namespace orchestrator
