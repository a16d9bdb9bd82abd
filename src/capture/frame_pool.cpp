#include "capture/frame_pool.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// One buffer that is captured into, one that is repeated while the picture stays the same, and two for the encoder to lag
/// behind.
constexpr std::size_t buffer_count = 4;

}  // namespace

struct FramePool::State {
  ~State() {
    if (memory != MAP_FAILED) ::munmap(memory, size);
  }
  UniqueFd descriptor{};
  UniqueFd freed{};  // eventfd(2): counts buffers that came back
  void* memory{MAP_FAILED};
  std::size_t size{0};
  std::array<std::atomic<bool>, buffer_count> leased{};

  void release(std::size_t index) noexcept {
    leased[index].store(false, std::memory_order_release);
    const std::uint64_t one = 1;
    // The write fails only if the counter is full, and then whoever waits for it is awake anyway.
    [[maybe_unused]] const auto written = ::write(freed.get(), &one, sizeof one);
  }
};

Result<std::unique_ptr<FramePool>> FramePool::create(asio::any_io_executor executor, std::size_t buffer_size) {
  auto state = std::make_shared<State>();
  state->size = buffer_size * buffer_count;
  state->descriptor = UniqueFd(::memfd_create("orchestrator-frames", MFD_CLOEXEC));
  state->freed = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  UniqueFd waiting(::fcntl(state->freed.get(), F_DUPFD_CLOEXEC, 0));
  if (state->descriptor && waiting && ::ftruncate(state->descriptor.get(), static_cast<off_t>(state->size)) == 0) {
    state->memory = ::mmap(nullptr, state->size, PROT_READ | PROT_WRITE, MAP_SHARED, state->descriptor.get(), 0);
  }
  if (state->memory == MAP_FAILED) {
    return Error{.code = Errc::capture_failed,
                 .detail = "cannot get " + std::to_string(state->size >> 20) + " MiB for frames: " + std::strerror(errno),
                 .stage = Stage::start};
  }
  return std::unique_ptr<FramePool>(new FramePool(executor, std::move(state), waiting.release()));
}

FramePool::FramePool(const asio::any_io_executor& executor, std::shared_ptr<State> state, int freed)
    : state_(std::move(state)), freed_(executor, freed) {}

int FramePool::descriptor() const noexcept { return state_->descriptor.get(); }

asio::awaitable<Result<FramePool::Buffer>> FramePool::acquire() {
  const Error cancellation{.code = Errc::cancelled, .detail = "waiting for a frame buffer was cancelled"};
  for (;;) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancellation;
    for (std::size_t index = 0; index < buffer_count; ++index) {
      if (state_->leased[index].exchange(true, std::memory_order_acquire)) continue;
      Buffer buffer;
      const std::size_t size = state_->size / buffer_count;
      buffer.offset = index * size;
      buffer.bytes = {static_cast<std::byte*>(state_->memory) + buffer.offset, size};
      buffer.lease =
          std::shared_ptr<const void>(buffer.bytes.data(), [state = state_, index](const void*) { state->release(index); });
      co_return buffer;
    }
    std::uint64_t count = 0;
    boost::system::error_code failed;
    co_await freed_.async_read_some(asio::buffer(&count, sizeof count), asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return cancellation;
  }
}

}  // namespace orchestrator
