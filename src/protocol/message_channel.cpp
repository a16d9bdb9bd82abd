#include "protocol/message_channel.hpp"

#include "base/held_signal.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>

namespace orchestrator::protocol {

namespace asio = boost::asio;

struct MessageChannel::State {
  explicit State(asio::any_io_executor executor)
      : input(executor), output(executor), silence(executor), heartbeat(executor), drained(executor) {}
  asio::posix::stream_descriptor input;
  asio::posix::stream_descriptor output;
  asio::steady_timer silence;
  asio::steady_timer heartbeat;
  asio::steady_timer drained;  // cancelled when the queue is empty
  std::deque<std::string> queue{};
  bool writing{false};
  bool broken{false};
  bool silent{false};
  bool beating{false};
};

namespace {

/// write(2) of which the program gets no SIGPIPE. The library must not change the host program's signal handling.
ssize_t write_quietly(int fd, std::string_view bytes) {
  const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent >= 0 || errno != ENOTSOCK) return sent;
  const HeldSignal held(SIGPIPE);
  const ssize_t written = ::write(fd, bytes.data(), bytes.size());
  const int error = errno;
  if (written < 0 && error == EPIPE) held.take_raised();
  errno = error;
  return written;
}

asio::awaitable<bool> write_all(std::shared_ptr<MessageChannel::State> state, std::string bytes) {
  std::string_view rest(bytes);
  while (!rest.empty()) {
    const ssize_t sent = write_quietly(state->output.native_handle(), rest);
    if (sent > 0) {
      rest.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
      boost::system::error_code failed;
      co_await state->output.async_wait(asio::posix::stream_descriptor::wait_write,
                                        asio::redirect_error(asio::use_awaitable, failed));
      if (failed) co_return false;
    } else {
      co_return false;
    }
  }
  co_return true;
}

asio::awaitable<void> write_queue(std::shared_ptr<MessageChannel::State> state) {
  while (!state->queue.empty() && !state->broken) {
    std::string next = std::move(state->queue.front());
    state->queue.pop_front();
    const bool written = co_await write_all(state, std::move(next));
    if (!written) state->broken = true;
  }
  state->writing = false;
  state->drained.cancel();
}

void queue_message(const std::shared_ptr<MessageChannel::State>& state, const Message& message) {
  if (state->broken || !state->output.is_open()) return;
  state->queue.push_back(to_frame(message));
  if (std::exchange(state->writing, true)) return;
  asio::co_spawn(state->output.get_executor(), write_queue(state), asio::detached);
}

void beat(const std::shared_ptr<MessageChannel::State>& state, std::chrono::milliseconds interval) {
  state->heartbeat.expires_after(interval);
  state->heartbeat.async_wait([state, interval](boost::system::error_code aborted) {
    if (aborted || state->broken || !state->beating) return;
    queue_message(state, Heartbeat{});
    beat(state, interval);
  });
}

bool readable(int fd) {
  pollfd poll_fd{fd, POLLIN, 0};
  return ::poll(&poll_fd, 1, 0) > 0;
}

/// Ends the pending read after `limit` of silence. A process that was suspended (Ctrl-Z) finds its timer expired and data
/// waiting at the same time; data wins.
void watch_silence(const std::shared_ptr<MessageChannel::State>& state, std::chrono::milliseconds limit) {
  state->silence.expires_after(limit);
  state->silence.async_wait([state, limit](boost::system::error_code aborted) {
    if (aborted || !state->input.is_open()) return;
    if (state->silence.expiry() > asio::steady_timer::clock_type::now()) return;  // something was heard meanwhile
    if (readable(state->input.native_handle())) return watch_silence(state, limit);
    state->silent = true;
    state->input.cancel();
  });
}

}  // namespace

MessageChannel::MessageChannel(asio::any_io_executor executor, UniqueFd input, UniqueFd output)
    : state_(std::make_shared<State>(executor)) {
  state_->input.assign(input.release());
  state_->output.assign(output.release());
  state_->output.non_blocking(true);
}

MessageChannel::~MessageChannel() { close(); }

void MessageChannel::close() {
  boost::system::error_code ignored;
  state_->broken = true;
  // Closing is not enough, because a program that the host started meanwhile may hold a copy of the descriptor. (On a pipe,
  // shutdown does nothing.)
  if (state_->output.is_open()) ::shutdown(state_->output.native_handle(), SHUT_RDWR);
  state_->input.close(ignored);
  state_->output.close(ignored);
  state_->silence.cancel();
  state_->heartbeat.cancel();
  state_->drained.cancel();
}

void MessageChannel::send(const Message& message) { queue_message(state_, message); }

void MessageChannel::keep_beating(std::chrono::milliseconds interval) {
  constexpr std::chrono::milliseconds least{100};  // whatever the other side asks for, this one must get to its work
  state_->beating = true;
  beat(state_, std::max(interval, least));
}

void MessageChannel::stop_beating() {
  state_->beating = false;  // a beat that is due already would otherwise begin the next
  state_->heartbeat.cancel();
}

asio::awaitable<bool> MessageChannel::flush(std::chrono::milliseconds limit) {
  auto state = state_;
  state->drained.expires_after(limit);
  boost::system::error_code woken = asio::error::operation_aborted;
  while (state->writing && woken) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) break;
    co_await state->drained.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  co_return !state->writing && !state->broken;
}

asio::awaitable<Result<std::string>> MessageChannel::read_some(std::chrono::milliseconds silence_limit) {
  auto state = state_;
  state->silent = false;
  if (silence_limit.count() > 0) watch_silence(state, silence_limit);
  std::string bytes(std::size_t{64} << 10, '\0');
  boost::system::error_code failed;
  const std::size_t size =
      co_await state->input.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failed));
  state->silence.cancel();
  if (!failed) {
    bytes.resize(size);
    co_return bytes;
  }
  if (state->silent) {
    co_return Error{.code = Errc::executor_unavailable,
                    .detail = "nothing was heard for " + std::to_string(silence_limit.count()) + " ms",
                    .stage = Stage::start};
  }
  if (failed == asio::error::operation_aborted) co_return cancelled_error();
  co_return Error{.code = Errc::executor_unavailable, .detail = "the connection ended", .stage = Stage::start};
}

asio::awaitable<Result<Message>> MessageChannel::receive(std::chrono::milliseconds silence_limit) {
  for (;;) {
    auto frame = decoder_.next();
    if (!frame) co_return frame.error();
    if (frame->has_value()) {
      if ((*frame)->kind == FrameKind::data) co_return Message(Data{std::move((*frame)->payload)});
      co_return parse_message((*frame)->payload);
    }
    auto bytes = co_await read_some(silence_limit);
    if (!bytes) co_return bytes.error();
    decoder_.feed(*bytes);
  }
}

}  // namespace orchestrator::protocol
