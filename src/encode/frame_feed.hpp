#pragma once

#include "capture/frame.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <queue>
#include <span>
#include <thread>

namespace orchestrator {

/// Turns a frame's bytes into the bytes to write. Called on the feed's thread; the result stays valid until the next call.
using FrameTransform = std::function<std::span<const std::byte>(const Frame&)>;

/// A thread that converts frames and writes them to a program's stdin, so that neither delays the event loop. It lets go of
/// a frame's buffer as soon as the frame is converted, or written if there is nothing to convert.
class FrameFeed {
 public:
  /// `changed` is called on the feed's thread: after a frame was written and as its last act.
  FrameFeed(UniqueFd pipe, FrameTransform transform, std::function<void()> changed);
  /// Joins the thread, which ends when the pipe's reader has taken what is queued, or is gone. To give up, kill the reader first.
  ~FrameFeed();
  FrameFeed(const FrameFeed&) = delete;
  FrameFeed& operator=(const FrameFeed&) = delete;

  /// False if the queue is full or the feed has ended; `frame` is then untouched.
  bool try_push(Frame& frame);
  /// Takes no more frames, and closes the pipe after the queued ones.
  void close();
  /// True once the pipe is closed: everything was written, or the reader is gone.
  bool ended() const;
  /// errno of the write that failed, or 0.
  int error() const;

 private:
  static constexpr std::size_t queue_limit_ = 2;  // beside the frame being written: capture and encoding overlap

  void run();
  bool next(Frame& frame);
  int write_all(std::span<const std::byte> bytes) const;

  UniqueFd pipe_;
  FrameTransform transform_;
  std::function<void()> changed_;
  mutable std::mutex mutex_{};
  std::condition_variable ready_{};
  std::queue<Frame> queue_{};
  bool closed_{false};
  bool ended_{false};
  int error_{0};
  std::thread thread_{};  // the last member: it starts when all others are there
};

}  // namespace orchestrator
