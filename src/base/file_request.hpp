#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// What a composition may ask its loopback server for. Pure, but for the two functions that look for a file.

/// Decodes %XX (RFC 3986, 2.1) and cuts query and fragment off. Nothing if `target` is malformed or holds a NUL.
std::optional<std::string> decode_path(std::string_view target);
/// Encodes everything outside RFC 3986's unreserved characters and '/'.
std::string encode_path(std::string_view path);

/// The regular file under `root` that `target` names, or nothing: for a page, paths that leave the root (by ".." or links) and
/// names that start with a dot (.git, .env, .ssh) do not exist. A folder means its index.html.
std::optional<std::filesystem::path> resolve_file(const std::filesystem::path& root, std::string_view target);

/// The file that `target` names in a composition: the document itself, even if it is hidden or a link, or a file of its folder.
std::optional<std::filesystem::path> find_composition_file(const std::filesystem::path& html_file, std::string_view target);

struct ByteRange {
  std::uint64_t first{0};
  std::uint64_t last{0};  ///< inclusive, as in the header
};
/// The range in a "Range: bytes=..." header (RFC 9110, 14.1.2), cut to `size`; nothing if it cannot be satisfied or is a list.
std::optional<ByteRange> parse_range(std::string_view header, std::uint64_t size);

/// The media type by the end of a file's name, in capitals or not; `unknown_type` for one that is not known.
std::string_view mime_type(const std::filesystem::path& file);
inline constexpr std::string_view unknown_type = "application/octet-stream";

}  // namespace orchestrator
