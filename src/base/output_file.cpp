#include "base/output_file.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

namespace orchestrator {

namespace {

/// Keeps SIGXFSZ (setrlimit(2), RLIMIT_FSIZE) from this thread. It is sent to the thread that writes, so the program's own
/// handling of signals stays as it is.
class FileSizeSignalHeld {
 public:
  FileSizeSignalHeld() {
    sigemptyset(&signal_);
    sigaddset(&signal_, SIGXFSZ);
    ::pthread_sigmask(SIG_BLOCK, &signal_, &before_);
  }
  ~FileSizeSignalHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  FileSizeSignalHeld(const FileSizeSignalHeld&) = delete;
  FileSizeSignalHeld& operator=(const FileSizeSignalHeld&) = delete;

  /// Takes back the signal that a write has raised, which would come as soon as it is let through.
  void take_raised() const {
    const timespec at_once{};
    ::sigtimedwait(&signal_, nullptr, &at_once);
  }

 private:
  sigset_t signal_{};
  sigset_t before_{};
};

}  // namespace

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
  const FileSizeSignalHeld held;
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

int OutputFile::sync() {
  if (::fsync(fd_) == 0 || errno == EINVAL) return 0;  // EINVAL: this file system has nothing to bring anywhere (fsync(2))
  return errno;
}

int OutputFile::close() noexcept {
  if (fd_ < 0) return 0;
  return ::close(std::exchange(fd_, -1)) == 0 ? 0 : errno;
}

}  // namespace orchestrator
