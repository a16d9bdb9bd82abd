#include "support/sound.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace orchestrator::test {

namespace {

void append(std::string& file, std::uint32_t number, int bytes) {
  for (int i = 0; i < bytes; ++i) file.push_back(static_cast<char>(number >> (8 * i) & 0xff));
}

double product(const std::vector<float>& a, const std::vector<float>& b, int shift) {
  double sum = 0;
  const auto size = static_cast<std::int64_t>(a.size());
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(b.size()); ++i) {
    const std::int64_t at = i + shift;
    if (at >= 0 && at < size) sum += static_cast<double>(a[static_cast<std::size_t>(at)]) * b[static_cast<std::size_t>(i)];
  }
  return sum;
}

double decibels(double ratio) { return 10 * std::log10(std::max(ratio, 1e-12)); }

}  // namespace

std::vector<float> make_sound(std::size_t samples, int seed) {
  std::vector<float> sound(samples);
  constexpr int voices = 5;
  for (std::size_t i = 0; i < samples; ++i) {
    const double time = static_cast<double>(i) / sound_rate;
    double sum = 0;
    for (int voice = 1; voice <= voices; ++voice) {
      const double hertz = 150.0 * voice * (1 + 0.37 * seed) + 900.0 * time * voice;  // rises, so that no two seconds are alike
      sum += std::sin(2 * std::numbers::pi * hertz * time + voice * seed);
    }
    sound[i] = static_cast<float>(0.25 * sum / voices);
  }
  return sound;
}

std::string wav_file(const std::vector<float>& samples) {
  const auto data_bytes = static_cast<std::uint32_t>(2 * samples.size());
  std::string file = "RIFF";
  append(file, 36 + data_bytes, 4);
  file += "WAVEfmt ";
  append(file, 16, 4);
  append(file, 1, 2);  // PCM
  append(file, 1, 2);  // mono
  append(file, sound_rate, 4);
  append(file, 2 * sound_rate, 4);
  append(file, 2, 2);
  append(file, 16, 2);
  file += "data";
  append(file, data_bytes, 4);
  for (const float sample : samples) append(file, static_cast<std::uint32_t>(std::lround(sample * 32767)) & 0xffff, 2);
  return file;
}

void add_sound(std::vector<float>& to, const std::vector<float>& sound, std::int64_t position, double gain) {
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const std::int64_t at = position + static_cast<std::int64_t>(i);
    if (at < 0 || at >= static_cast<std::int64_t>(to.size())) continue;
    to[static_cast<std::size_t>(at)] += static_cast<float>(gain * sound[i]);
  }
}

SoundMatch match_sound(const std::vector<float>& got, const std::vector<float>& expected, int most_shift) {
  SoundMatch best;
  double highest = -1;
  for (int shift = -most_shift; shift <= most_shift; ++shift) {
    const double likeness = product(got, expected, shift);
    if (likeness <= highest) continue;
    highest = likeness;
    best.shift = shift;
  }
  const double energy = product(expected, expected, 0);
  const double gain = highest / energy;
  const double rest = product(got, got, 0) - gain * gain * energy;
  best.gain_db = 2 * decibels(gain);
  best.noise_db = decibels(rest / energy);
  return best;
}

}  // namespace orchestrator::test
