#include "orchestrator/font_scripts.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

namespace orchestrator::tool {

namespace {

constexpr const char* dejavu = "fonts-dejavu-core";
constexpr const char* cjk = "fonts-noto-cjk";
constexpr const char* core = "fonts-noto-core";
constexpr const char* emoji = "fonts-noto-color-emoji";

/// A script counts as there if a font has one of its common letters.
struct Script {
  const char* name;
  unsigned letter;
  const char* package;  ///< Debian 12's package for it
};

constexpr Script scripts[] = {
    {"Latin", 0x0041, dejavu},    {"Greek", 0x03B1, dejavu},    {"Cyrillic", 0x0436, dejavu}, {"Arabic", 0x0639, core},
    {"Hebrew", 0x05E9, core},     {"Han", 0x6F22, cjk},         {"Kana", 0x3042, cjk},        {"Hangul", 0xD55C, cjk},
    {"Devanagari", 0x0928, core}, {"Bengali", 0x0995, core},    {"Gurmukhi", 0x0A15, core},   {"Gujarati", 0x0A95, core},
    {"Tamil", 0x0B95, core},      {"Telugu", 0x0C15, core},     {"Kannada", 0x0C95, core},    {"Malayalam", 0x0D15, core},
    {"Sinhala", 0x0D9A, core},    {"Thai", 0x0E01, core},       {"Lao", 0x0E81, core},        {"Tibetan", 0x0F40, core},
    {"Myanmar", 0x1000, core},    {"Georgian", 0x10D0, dejavu}, {"Armenian", 0x0561, dejavu}, {"Ethiopic", 0x1200, core},
    {"Khmer", 0x1780, core},      {"Mongolian", 0x1820, core},  {"emoji", 0x1F970, emoji},  // one of 2018: text fonts have some
                                                                                            // older emoji, in black
};

/// True if one of the ranges, "20-7e" or "a0", holds the letter.
bool covers(std::string_view charsets, unsigned letter) {
  const char* at = charsets.data();
  const char* const end = at + charsets.size();
  while (at != end) {
    unsigned first = 0;
    const auto from = std::from_chars(at, end, first, 16);
    if (from.ec != std::errc()) {
      ++at;  // a space, a line's end
      continue;
    }
    unsigned last = first;
    at = from.ptr;
    if (at != end && *at == '-') at = std::from_chars(at + 1, end, last, 16).ptr;
    if (letter >= first && letter <= last) return true;
  }
  return false;
}

void add_word(std::string& list, const char* separator, const char* word) {
  list += (list.empty() ? "" : separator) + std::string(word);
}

}  // namespace

Check check_fonts(std::string_view charsets) {
  const auto fonts = std::count(charsets.begin(), charsets.end(), '\n');
  std::string there;
  std::string missing;
  std::vector<const char*> packages;
  for (const Script& script : scripts) {
    const bool found = covers(charsets, script.letter);
    add_word(found ? there : missing, ", ", script.name);
    if (!found && std::find(packages.begin(), packages.end(), script.package) == packages.end())
      packages.push_back(script.package);
  }
  Check check{.name = "fonts", .ok = missing.empty(), .detail = std::to_string(fonts) + " fonts"};
  if (!there.empty()) check.detail += ", which write " + there;
  if (missing.empty()) return check;
  check.detail += "; boxes instead of " + missing + ", unless a composition brings its own";
  for (const char* package : packages) add_word(check.remedy, " ", package);
  check.remedy = "apt-get install " + check.remedy;
  return check;
}

}  // namespace orchestrator::tool
