#include "base/output_file.hpp"

#include "base/held_signal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace orchestrator {

OutputFile::OutputFile(OutputFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

OutputFile& OutputFile::operator=(OutputFile&& other) noexcept {
  std::swap(fd_, other.fd_);  // the old file is closed with `other`
  return *this;
}

int OutputFile::open(const std::filesystem::path& file, int flags) {
  close();
  fd_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0666);
  return fd_ < 0 ? errno : 0;
}

int OutputFile::write(std::string_view bytes) {
  const HeldSignal held(SIGXFSZ);
  while (!bytes.empty()) {
    const ssize_t size = ::write(fd_, bytes.data(), bytes.size());
    const int error = size < 0 ? errno : 0;
    if (error == EFBIG) held.take_raised();
    if (error == EINTR) continue;
    if (error != 0) return error;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return 0;
}

int OutputFile::reserve(std::int64_t size) {
  struct stat before {};
  if (::fstat(fd_, &before) != 0) return errno;
  const HeldSignal held(SIGXFSZ);
  int error = EINTR;
  while (error == EINTR) error = ::fallocate(fd_, 0, 0, size) == 0 ? 0 : errno;
  if (error == 0) return 0;
  if (error == EFBIG) held.take_raised();
  if (::ftruncate(fd_, before.st_size) != 0) return errno;  // some file systems have given a part by then
  return error;
}

int OutputFile::cut(std::int64_t size) { return ::ftruncate(fd_, size) == 0 ? 0 : errno; }

int OutputFile::sync() {
  if (::fsync(fd_) == 0 || errno == EINVAL) return 0;  // EINVAL: this file system has nothing to bring anywhere (fsync(2))
  return errno;
}

int OutputFile::close() noexcept {
  if (fd_ < 0) return 0;
  return ::close(std::exchange(fd_, -1)) == 0 ? 0 : errno;
}

int write_text_file(const std::filesystem::path& path, std::string_view text) {
  OutputFile file;
  int error = file.open(path, O_TRUNC);
  if (error == 0) error = file.write(text);
  if (error == 0) error = file.close();
  return error;
}

}  // namespace orchestrator
