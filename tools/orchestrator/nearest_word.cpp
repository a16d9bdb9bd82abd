#include "orchestrator/nearest_word.hpp"

#include <algorithm>
#include <cstddef>

namespace orchestrator::tool {

namespace {

/// The fewest insertions, deletions, replacements and swaps of neighbours that turn `from` into `to` (optimal string alignment).
std::size_t edit_distance(std::string_view from, std::string_view to) {
  std::vector<std::vector<std::size_t>> least(from.size() + 1, std::vector<std::size_t>(to.size() + 1));
  for (std::size_t i = 0; i <= from.size(); ++i) {
    for (std::size_t j = 0; j <= to.size(); ++j) {
      std::size_t& here = least[i][j];
      here = i + j;  // all inserted, or all deleted
      if (i == 0 || j == 0) continue;
      here = std::min({least[i - 1][j] + 1, least[i][j - 1] + 1, least[i - 1][j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) here = std::min(here, least[i - 2][j - 2] + 1);
    }
  }
  return least[from.size()][to.size()];
}

}  // namespace

std::optional<std::string> nearest_word(std::string_view typed, const std::vector<std::string>& words) {
  std::optional<std::string> nearest;
  std::size_t least = 0;
  for (const std::string& word : words) {
    const std::size_t letters = word.size() - std::min(word.find_first_not_of('-'), word.size());
    const std::size_t distance = edit_distance(typed, word);
    if (distance > std::max<std::size_t>(1, letters / 3) || (nearest && distance >= least)) continue;
    nearest = word;
    least = distance;
  }
  return nearest;
}

}  // namespace orchestrator::tool
