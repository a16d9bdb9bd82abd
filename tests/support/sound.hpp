#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace orchestrator::test {

constexpr int sound_rate = 48000;

/// Noise-like sound in which no two places are alike: a sum of swept sines with a peak of 0.25, the same for the same `seed`.
std::vector<float> make_sound(std::size_t samples, int seed);
/// A 16-bit mono WAV file at 48 kHz.
std::string wav_file(const std::vector<float>& samples);
/// Adds `sound` times `gain` at a position; what lies outside is cut off.
void add_sound(std::vector<float>& to, const std::vector<float>& sound, std::int64_t position, double gain = 1);

struct SoundMatch {
  int shift{0};        ///< samples by which `got` is late
  double gain_db{0};   ///< of `got` over `expected`
  double noise_db{0};  ///< what is left of `got` after taking the scaled `expected` away, relative to `expected`
};
/// Looks for `expected` in `got`, up to `most_shift` samples early or late.
SoundMatch match_sound(const std::vector<float>& got, const std::vector<float>& expected, int most_shift = 1200);

}  // namespace orchestrator::test
