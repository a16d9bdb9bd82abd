#include "base/file_request.hpp"

#include "base/lower_case.hpp"
#include "base/parse_number.hpp"
#include "base/percent_coding.hpp"

#include <orchestrator/worker/composition.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

bool has_hidden_part(const fs::path& path) {
  return std::any_of(path.begin(), path.end(), [](const fs::path& part) { return part.native().starts_with('.'); });
}

bool is_within(const fs::path& file, const fs::path& root) {
  return std::mismatch(root.begin(), root.end(), file.begin(), file.end()).first == root.end();
}

}  // namespace

std::optional<std::string> decode_path(std::string_view target) {
  auto path = percent_decode(target.substr(0, target.find_first_of("?#")));
  if (path && path->find('\0') != std::string::npos) return std::nullopt;
  return path;
}

std::string encode_path(std::string_view path) { return percent_encode(path, "/"); }

std::optional<fs::path> resolve_file(const fs::path& root, std::string_view target) {
  const auto decoded = decode_path(target);
  if (!decoded || !decoded->starts_with('/')) return std::nullopt;
  const fs::path relative = fs::path(*decoded).relative_path();
  if (has_hidden_part(relative)) return std::nullopt;  // this refuses "..", too
  std::error_code failed;
  const fs::path real_root = fs::canonical(root, failed);
  if (failed) return std::nullopt;
  fs::path file = fs::canonical(real_root / relative, failed);
  if (!failed && fs::is_directory(file, failed)) file = fs::canonical(file / "index.html", failed);
  if (failed || !is_within(file, real_root) || !fs::is_regular_file(file, failed)) return std::nullopt;
  return file;
}

std::optional<fs::path> find_composition_file(const fs::path& html_file, std::string_view target) {
  if (html_file.empty()) return std::nullopt;
  if (decode_path(target) == "/" + composition_name(html_file)) return html_file;
  return resolve_file(composition_root(html_file), target);
}

std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit) || size == 0) return std::nullopt;
  header.remove_prefix(unit.size());
  const auto dash = header.find('-');
  if (dash == std::string_view::npos || header.find(',') != std::string_view::npos) return std::nullopt;
  const auto first = parse_number<std::uint64_t>(header.substr(0, dash));
  const auto last = parse_number<std::uint64_t>(header.substr(dash + 1));
  if (!first) {  // "-N": the last N bytes
    if (dash != 0 || !last || *last == 0) return std::nullopt;
    return ByteRange{size - std::min(*last, size), size - 1};
  }
  const bool open_ended = header.substr(dash + 1).empty();
  if (*first >= size || (!open_ended && (!last || *last < *first))) return std::nullopt;
  return ByteRange{*first, open_ended ? size - 1 : std::min(*last, size - 1)};
}

std::string_view mime_type(const fs::path& file) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 33> types{{
      {".html", "text/html; charset=utf-8"},
      {".htm", "text/html; charset=utf-8"},
      {".xhtml", "application/xhtml+xml"},
      {".js", "text/javascript"},
      {".mjs", "text/javascript"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".jpeg", "image/jpeg"},
      {".gif", "image/gif"},
      {".webp", "image/webp"},
      {".avif", "image/avif"},
      {".ico", "image/x-icon"},
      {".woff", "font/woff"},
      {".woff2", "font/woff2"},
      {".ttf", "font/ttf"},
      {".otf", "font/otf"},
      {".wasm", "application/wasm"},
      {".mp4", "video/mp4"},
      {".webm", "video/webm"},
      {".mov", "video/quicktime"},
      {".mp3", "audio/mpeg"},
      {".m4a", "audio/mp4"},
      {".wav", "audio/wav"},
      {".ogg", "audio/ogg"},
      {".flac", "audio/flac"},
      {".txt", "text/plain; charset=utf-8"},
      {".xml", "application/xml"},
      {".glb", "model/gltf-binary"},
      {".csv", "text/csv; charset=utf-8"},
  }};
  const std::string extension = lower_case(file.extension().string());  // LOOK.CSS comes from cameras and Windows
  for (const auto& [known, type] : types) {
    if (extension == known) return type;
  }
  return unknown_type;
}

}  // namespace orchestrator
