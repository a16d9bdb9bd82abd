#include "serve/local_paths.hpp"

#include "base/file_request.hpp"
#include "base/text_tail.hpp"

#include <algorithm>

namespace orchestrator {

namespace {

/// Decodes the path of a URL. It stays encoded if it is malformed or contains control characters: the page chooses its URLs, and
/// a terminal or a log would obey them.
std::string decoded(std::string_view path) {
  const auto plain = decode_path(path);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (!plain || std::any_of(plain->begin(), plain->end(), is_control)) return std::string(path);
  return valid_utf8(*plain);
}

}  // namespace

std::string with_local_paths(std::string_view text, std::string_view origin, const std::filesystem::path& folder) {
  constexpr std::string_view path_ends = " \t\r\n\"'?#";
  std::string result;
  for (auto at = text.find(origin); at != std::string_view::npos; at = text.find(origin)) {
    result.append(text.substr(0, at)).append(folder.string());
    if (!result.ends_with('/')) result += '/';
    text.remove_prefix(at + origin.size());
    const std::string_view path = text.substr(0, text.find_first_of(path_ends));
    result += decoded(path);
    text.remove_prefix(path.size());
  }
  return result.append(text);
}

}  // namespace orchestrator
