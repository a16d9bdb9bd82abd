#include "process/descriptors.hpp"

#include "base/machine_fault.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace orchestrator {

namespace {

/// The descriptors that a fork must not keep. Nobody says when one is closed: its number then belongs to no file or to another
/// one, which is told by device and inode. No other thread is between making one and noting it while a process forks.
class Unforked {
 public:
  /// Never destroyed, because a process may fork while it exits.
  static Unforked& all() {
    static auto* const descriptors = new Unforked;
    return *descriptors;
  }

  /// Makes two descriptors by a system call.
  template <class Call>
  bool make(int (&fds)[2], Call call) {
    const std::lock_guard lock(mutex_);
    if (call(fds) != 0) return false;
    for (const int fd : fds) files_[fd] = file_of(fd);
    return true;
  }

  /// A duplicate of one that was made here must not be kept, either.
  int duplicate(int fd, int lowest) {
    const std::lock_guard lock(mutex_);
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, lowest);
    const auto original = files_.find(fd);
    if (copy >= 0 && original != files_.end() && original->second == file_of(fd)) files_[copy] = original->second;
    return copy;
  }

 private:
  using File = std::pair<dev_t, ino_t>;

  Unforked() {
    ::pthread_atfork([] { all().mutex_.lock(); }, [] { all().mutex_.unlock(); }, [] { all().close_in_child(); });
  }

  static File file_of(int fd) noexcept {
    struct stat file {};
    return ::fstat(fd, &file) == 0 ? File{file.st_dev, file.st_ino} : File{};
  }

  /// System calls only: locks that other threads held stay locked for ever in a forked process.
  void close_in_child() noexcept {
    for (const auto& [fd, file] : files_) {
      if (file_of(fd) == file) ::close(fd);
    }
    mutex_.unlock();
  }

  std::mutex mutex_{};
  std::map<int, File> files_{};
};

}  // namespace

Result<Pipe> make_pipe() {
  int fds[2];
  const bool made = Unforked::all().make(fds, [](int* pipe) { return ::pipe2(pipe, O_CLOEXEC); });
  if (!made) return Error{.detail = std::string("cannot make a pipe: ") + start_failure(errno)};
  return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Result<SocketPair> make_socket_pair() {
  int fds[2];
  const bool made =
      Unforked::all().make(fds, [](int* pair) { return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair); });
  if (!made) return Error{.detail = std::string("cannot make a socket pair: ") + start_failure(errno)};
  return SocketPair{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

UniqueFd duplicate(int fd, int lowest) { return UniqueFd(Unforked::all().duplicate(fd, lowest)); }

}  // namespace orchestrator
