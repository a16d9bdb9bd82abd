#pragma once

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <memory>
#include <span>

namespace orchestrator {

/// A few frame buffers in one piece of memory that is shared with the X server. A buffer is free again when the last copy of
/// its lease is gone; that may happen on any thread, and after the pool and its executor are gone.
class FramePool {
 public:
  struct Buffer {
    std::size_t offset{0};  ///< in the shared memory
    std::span<std::byte> bytes{};
    std::shared_ptr<const void> lease{};
  };

  /// Errors: Errc::capture_failed if there is not enough memory.
  static Result<std::unique_ptr<FramePool>> create(boost::asio::any_io_executor executor, std::size_t buffer_size);

  /// Suspends while all buffers are leased. Errors: Errc::cancelled.
  boost::asio::awaitable<Result<Buffer>> acquire();
  /// The shared memory, for the X server.
  int descriptor() const noexcept;

 private:
  struct State;
  FramePool(const boost::asio::any_io_executor& executor, std::shared_ptr<State> state, int freed);

  std::shared_ptr<State> state_;
  boost::asio::posix::stream_descriptor freed_;
};

}  // namespace orchestrator
