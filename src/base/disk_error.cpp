#include "base/disk_error.hpp"

#include <cerrno>

namespace orchestrator {

namespace {

constexpr std::string_view another_disk = "make room or use another folder";

struct Cause {
  int error;
  std::string_view text;  // strerror(3) in the C locale, which is ffmpeg's
  std::string_view remedy;
};
constexpr Cause causes[] = {
    {ENOSPC, "No space left on device", another_disk},
    {EDQUOT, "Disk quota exceeded", another_disk},
    {EROFS, "Read-only file system", another_disk},
    {EFBIG, "File too large", "raise the limit on the size of files (ulimit -f), or use a file system that takes larger ones"}};

Error unwritable(const Cause& cause, const std::filesystem::path& file, Stage stage) {
  return {.code = Errc::output_unwritable,
          .detail = "cannot write " + file.string() + ": " + std::string(cause.text) + "; " + std::string(cause.remedy),
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
