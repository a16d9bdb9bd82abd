#include "render/output_lock.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

Error refused(std::string detail) {
  return Error{.code = Errc::output_unwritable, .detail = std::move(detail), .stage = Stage::start};
}

/// Whether the opened file still has its name. The previous holder of the lock may have removed the file after it was opened
/// here, and a lock on a removed file protects nothing.
bool is_still_there(int fd, const fs::path& file) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd, &opened) == 0 && ::lstat(file.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

/// Whether there is something else under the lock's name: a lock is an empty file, and is removed at the end.
bool is_no_lock(const fs::path& file) {
  struct stat there {};
  return ::lstat(file.c_str(), &there) == 0 && (!S_ISREG(there.st_mode) || there.st_size != 0);
}

/// Opens and locks the file. Returns 0 or an errno: EWOULDBLOCK if somebody else holds the lock.
int open_locked(const fs::path& file, UniqueFd& locked) {
  for (;;) {
    UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) return errno;
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      const int error = errno;
      if (error != EWOULDBLOCK) ::unlink(file.c_str());
      return error;
    }
    if (!is_still_there(fd.get(), file)) continue;
    locked = std::move(fd);
    return 0;
  }
}

}  // namespace

Result<OutputLock> OutputLock::take(boost::asio::any_io_executor executor, const fs::path& output) {
  const fs::path file = output.parent_path() / ("." + output.filename().string() + ".lock");
  if (is_no_lock(file)) {
    return refused(file.string() + " is in the way: a render makes a file of this name, to lock the output with; rename yours");
  }
  OutputLock lock;
  const int error = open_locked(file, lock.held_);
  if (error == EWOULDBLOCK) {
    return refused("another render is writing " + output.string() + " now: wait until it is done, or give another output");
  }
  if (error != 0) {
    lock.fault_ = "nothing keeps another render from writing " + output.string() + " now: cannot lock " + file.string() + ": " +
                  std::strerror(error);
    return lock;
  }
  lock.file_ = file;
  // What ends this process may signal all that runs beside it (systemd, a job's end), hence the trap.
  SpawnOptions guard{.argv = {"/bin/sh", "-c", R"(trap '' HUP INT TERM; read -r line; exec rm -f -- "$1")", "sh", file.string()}};
  guard.input.kind = Stdio::Kind::pipe;
  guard.extra_fds = {{lock.held_.get(), 3}};  // so that nobody else can hold the lock while the guard removes the file
  guard.own_group = true;
  guard.die_with_parent = false;
  auto started = ChildProcess::spawn(std::move(executor), guard);
  if (!started) return refused("cannot guard " + file.string() + ": " + started.error().detail);
  lock.guard_.emplace(std::move(*started));
  return lock;
}

OutputLock::OutputLock(OutputLock&& other) noexcept
    : file_(std::exchange(other.file_, {})),
      held_(std::move(other.held_)),
      guard_(std::move(other.guard_)),
      fault_(std::move(other.fault_)) {}

OutputLock::~OutputLock() {
  if (file_.empty()) return;
  ::unlink(file_.c_str());  // while this object holds the lock, so that the file is nobody else's
  if (guard_) guard_->kill(SIGKILL);
}

}  // namespace orchestrator
