#pragma once

#include <orchestrator/export.hpp>

#include <cstdint>
#include <optional>
#include <variant>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// A frame rate, or an exact time in seconds: {30000, 1001}, {5, 2}. Aggregate; `den` is positive in valid values.
struct Rational {
  std::int64_t num{0};
  std::int64_t den{1};
  friend bool operator==(const Rational&, const Rational&) = default;
};

/// Half-open range of composition frames [first, last).
struct FrameRange {
  std::int64_t first{0};
  std::int64_t last{0};
  constexpr std::int64_t count() const noexcept { return last - first; }
  constexpr bool empty() const noexcept { return last <= first; }
  friend bool operator==(const FrameRange&, const FrameRange&) = default;
};

namespace detail {
__extension__ typedef __int128 Int128;  // in g++ and clang++; -Wpedantic warns without __extension__
}

/// The sample at which frame `frame` starts, on the one grid of the whole render: round(frame * sample_rate / fps).
/// Exact if the result fits 64 bits: the products have 128 bits, and no floating-point seconds are involved.
constexpr std::int64_t first_sample_of_frame(std::int64_t frame, Rational fps, std::int64_t sample_rate) noexcept {
  const detail::Int128 numerator = static_cast<detail::Int128>(frame) * sample_rate * fps.den;
  return static_cast<std::int64_t>((numerator * 2 + fps.num) / (static_cast<detail::Int128>(fps.num) * 2));
}

/// Whole frames in `seconds`, rounded to the nearest. 0 if a denominator is not positive.
constexpr std::int64_t frames_in(Rational seconds, Rational fps) noexcept {
  if (seconds.den <= 0 || fps.den <= 0) return 0;
  const detail::Int128 numerator = static_cast<detail::Int128>(seconds.num) * fps.num;
  const detail::Int128 denominator = static_cast<detail::Int128>(seconds.den) * fps.den;
  return static_cast<std::int64_t>((numerator * 2 + denominator) / (denominator * 2));
}

/// The part of a composition to render: frames first:last, or a number of seconds from frame 0. By default nothing is chosen:
/// all that the composition has.
class RenderRange {
 public:
  constexpr RenderRange() = default;
  constexpr RenderRange(FrameRange frames) : chosen_(frames) {}
  constexpr RenderRange(std::int64_t first, std::int64_t last) : chosen_(FrameRange{first, last}) {}
  static constexpr RenderRange seconds(Rational duration) {
    RenderRange range;
    range.chosen_ = duration;
    return range;
  }

  constexpr bool chosen() const noexcept { return !std::holds_alternative<std::monostate>(chosen_); }
  /// The seconds, if they were given.
  constexpr std::optional<Rational> duration() const noexcept {
    const auto* seconds = std::get_if<Rational>(&chosen_);
    return seconds != nullptr ? std::optional(*seconds) : std::nullopt;
  }
  /// The frames at this rate. Empty if nothing is chosen, or if a denominator is not positive.
  constexpr FrameRange frames(Rational fps) const noexcept {
    if (const auto* frames = std::get_if<FrameRange>(&chosen_)) return *frames;
    const auto length = duration();
    if (!length || length->den <= 0 || fps.den <= 0) return {};
    return {0, frames_in(*length, fps)};
  }
  friend bool operator==(const RenderRange&, const RenderRange&) = default;

 private:
  std::variant<std::monostate, FrameRange, Rational> chosen_{};
};

}  // namespace v0
}  // namespace orchestrator
