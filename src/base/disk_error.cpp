#include "base/disk_error.hpp"

#include <cerrno>

namespace orchestrator {

namespace {

struct Cause {
  int error;
  std::string_view text;  // strerror(3) in the C locale, which is ffmpeg's
};
constexpr Cause causes[] = {
    {ENOSPC, "No space left on device"}, {EDQUOT, "Disk quota exceeded"}, {EROFS, "Read-only file system"}};

Error unwritable(const Cause& cause, const std::filesystem::path& file, Stage stage) {
  return {.code = Errc::output_unwritable,
          .detail = "cannot write " + file.string() + ": " + std::string(cause.text) + "; make room or use another folder",
          .stage = stage};
}

}  // namespace

std::optional<Error> disk_error(int error, const std::filesystem::path& file, Stage stage) {
  for (const Cause& cause : causes) {
    if (error == cause.error) return unwritable(cause, file, stage);
  }
  return std::nullopt;
}

std::optional<Error> disk_error(std::string_view last_words, const std::filesystem::path& file, Stage stage) {
  for (const Cause& cause : causes) {
    if (last_words.find(cause.text) == std::string_view::npos) continue;
    Error error = unwritable(cause, file, stage);
    error.output_tail = last_words;
    return error;
  }
  return std::nullopt;
}

}  // namespace orchestrator
