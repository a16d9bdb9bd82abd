#include "encode/frame_feed.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace orchestrator {

namespace {

/// Writing to a dead ffmpeg must fail with an errno and not end this process. The signal is sent to the writing thread (pipe(7)),
/// so blocking it here leaves the host program's own handling alone; it stays pending until the thread ends.
void block_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

FrameFeed::FrameFeed(UniqueFd pipe, FrameTransform transform, std::function<void()> changed)
    : pipe_(std::move(pipe)), transform_(std::move(transform)), changed_(std::move(changed)) {
  // A pipe of 1 MiB, the most for an unprivileged process (/proc/sys/fs/pipe-max-size), halves the CPU that writing and reading
  // a frame take compared to the default of 64 KiB. If it is refused, the default will do.
  ::fcntl(pipe_.get(), F_SETPIPE_SZ, 1 << 20);
  thread_ = std::thread([this] { run(); });
}

FrameFeed::~FrameFeed() {
  close();
  thread_.join();
}

bool FrameFeed::try_push(Frame& frame) {
  const std::lock_guard lock(mutex_);
  if (ended_ || closed_ || queue_.size() >= queue_limit_) return false;
  queue_.push(std::move(frame));
  ready_.notify_one();
  return true;
}

void FrameFeed::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  ready_.notify_one();
}

bool FrameFeed::ended() const {
  const std::lock_guard lock(mutex_);
  return ended_;
}

int FrameFeed::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

bool FrameFeed::next(Frame& frame) {
  std::unique_lock lock(mutex_);
  ready_.wait(lock, [this] { return closed_ || !queue_.empty(); });
  if (queue_.empty()) return false;
  frame = std::move(queue_.front());
  queue_.pop();
  return true;
}

void FrameFeed::run() {
  block_sigpipe();
  int failed = 0;
  for (Frame frame; failed == 0 && next(frame);) {
    const std::span<const std::byte> bytes = transform_(frame);
    if (bytes.data() != frame.bytes.data()) frame.buffer.reset();
    failed = write_all(bytes);
    frame = {};
    if (failed == 0) changed_();
  }
  pipe_.reset();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    error_ = failed;
    queue_ = {};
  }
  changed_();
}

int FrameFeed::write_all(std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t size = ::write(pipe_.get(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(size));
  }
  return 0;
}

}  // namespace orchestrator
