#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace orchestrator {

/// A file that is written from its beginning on. Failures are told by their errno. A write beyond the limit on the size of files
/// (`ulimit -f`) is one of them (EFBIG): the signal that would end the whole program, an embedding one included, is kept from it.
class OutputFile {
 public:
  OutputFile() = default;
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile() { close(); }

  /// `flags`: O_TRUNC, O_EXCL and others of open(2); the file is made if it is not there. Returns 0 or an errno.
  int open(const std::filesystem::path& file, int flags);
  /// Returns 0 or an errno.
  int write(std::string_view bytes);
  /// Gets the room for `size` bytes; what is in the file stays, also if there is no such room. Returns 0 or an errno: EOPNOTSUPP
  /// where the file system cannot do this.
  int reserve(std::int64_t size);
  /// Cuts off what comes after `size` bytes. Returns 0 or an errno.
  int cut(std::int64_t size);
  /// Brings what was written to its disk, or to the server behind it. Returns 0 or an errno.
  int sync();
  /// Returns 0 or an errno. On network file systems it is only here that some errors are told (close(2)).
  int close() noexcept;
  explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_{-1};
};

/// Makes the file, or replaces what is in it. Returns an errno, or 0.
int write_text_file(const std::filesystem::path& path, std::string_view text);

}  // namespace orchestrator
