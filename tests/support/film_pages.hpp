#pragma once

#include "support/counting_films.hpp"
#include "support/files.hpp"
#include "support/studio.hpp"

#include <chrono>
#include <filesystem>
#include <string>

namespace orchestrator::test {

/// A page of tests/pages in a folder of its own, beside the films that it shows.
inline std::string page_with_films(Studio& studio, const std::string& name) {
  const std::string text = read_file(ORCHESTRATOR_SOURCE_DIR "/tests/pages/" + name);
  const std::string file = studio.file(name, text);
  make_counting_films(text, std::filesystem::path(file).parent_path());
  return file;
}

/// The same by http, where the page may look into its films: their pictures are drawn, and no surfaces shown (ADR 0024).
inline std::string served_with_films(Studio& studio, const std::string& name) {
  return studio.serve(page_with_films(studio, name), [](const std::string&) { return std::chrono::milliseconds(0); });
}

/// The number that a counting film shows in `picture`, which is 320 px wide. Films lie below each other at the left, in strips of
/// 18 px.
inline int number_in(const std::string& picture, std::size_t strip) {
  int number = 0;
  for (std::size_t bit = 0; bit < 8; ++bit) {
    const std::size_t pixel = (strip * 18 + 8) * 320 + bit * 16 + 8;
    if (static_cast<unsigned char>(picture[pixel * 4 + 1]) > 128) number |= 1 << bit;
  }
  return number;
}

}  // namespace orchestrator::test
