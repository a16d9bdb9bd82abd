#include "base/file_request.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// The input as a request's target, as a file's name, and as a Range header.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orchestrator;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const std::filesystem::path root = std::filesystem::canonical("/proc/self/fdinfo");  // a folder without subfolders
  if (const auto file = resolve_file(root, text); file && file->parent_path() != root) std::abort();

  const auto path = decode_path(text);
  if (path && path->find('\0') != std::string::npos) std::abort();
  const bool nameable = text.find('\0') == std::string_view::npos;
  if (nameable && decode_path(encode_path(text)) != text) std::abort();

  constexpr std::uint64_t file_size = 1000;
  if (const auto range = parse_range(text, file_size); range && (range->first > range->last || range->last >= file_size)) {
    std::abort();
  }
  return 0;
}
