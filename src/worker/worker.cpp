#include "worker/worker.hpp"

#include "process/cancelled.hpp"
#include "protocol/message_channel.hpp"
#include "worker/chunk_renderer.hpp"

#include <orchestrator/version.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

#include <csignal>

namespace orchestrator {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

// Often enough for a smooth bar, rarely enough to cost nothing.
constexpr std::chrono::milliseconds progress_interval{100};
// Five in the host's default silence limit of 10 s.
constexpr std::chrono::milliseconds heartbeat_interval{2'000};

constexpr std::chrono::milliseconds cancel_interval{250};
// A host that does not read any more does not get its last message.
constexpr std::chrono::milliseconds flush_limit{1'000};

std::string worker_name() {
  char host[256] = "worker";
  ::gethostname(host, sizeof host - 1);
  return std::string(host) + "/" + std::to_string(::getpid());
}

/// One worker's life: hello, then a job at a time, until stdin ends, the host falls silent or a signal comes.
class Worker {
 public:
  Worker(asio::any_io_executor executor, UniqueFd input, UniqueFd output)
      : executor_(executor),
        channel_(executor, std::move(input), std::move(output)),
        renderer_(ChunkReports{[this](std::int64_t captured, std::int64_t encoded) { report(captured, encoded); },
                               [this](LogLevel level, std::string_view text) {
                                 channel_.send(protocol::Log{level, std::string(text)});
                               }}),
        job_ended_(executor) {}

  asio::awaitable<void> run() {
    co_await asio::this_coro::throw_if_cancelled(false);  // a signal ends the conversation in order, not by an exception
    channel_.send(protocol::Hello{.software = "orchestrator " ORCHESTRATOR_VERSION, .name = worker_name()});
    channel_.keep_beating(heartbeat_interval);
    const Error end = co_await follow_host();
    if (end.code == Errc::protocol_error) channel_.send(protocol::Failed{end});
    co_await end_running_job();
    co_await renderer_.stop();
    co_await channel_.flush(flush_limit);
  }

 private:
  asio::awaitable<void> end_running_job() {
    while (job_running_) {
      job_cancel_.emit(asio::cancellation_type::terminal);  // again and again: it may fall between two operations
      job_ended_.expires_after(cancel_interval);
      boost::system::error_code ignored;
      co_await job_ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
  }

  /// Returns why the conversation ended.
  asio::awaitable<Error> follow_host() {
    std::chrono::milliseconds silence_limit{0};
    for (;;) {
      auto message = co_await channel_.receive(silence_limit);
      if (!message) co_return message.error();
      if (auto* hello = std::get_if<protocol::Hello>(&*message)) {
        silence_limit = hello->heartbeat_limit;
        if (hello->protocol != protocol::version) co_return refuse(*hello);
        greeted_ = true;
      } else if (auto* job = std::get_if<protocol::Job>(&*message)) {
        start_job(std::move(job->job));
      } else if (std::holds_alternative<protocol::Cancel>(*message)) {
        if (job_running_) job_cancel_.emit(asio::cancellation_type::terminal);
      }
    }
  }

  Error refuse(const protocol::Hello& hello) {
    Error error{.code = Errc::executor_unavailable,
                .detail = "the host speaks protocol version " + std::to_string(hello.protocol) + ", this worker version " +
                          std::to_string(protocol::version),
                .stage = Stage::start};
    channel_.send(protocol::Failed{error});
    return error;
  }

  void start_job(ChunkJob job) {
    if (job_running_ || !greeted_) {
      const char* reason = greeted_ ? "a job arrived while another one runs" : "a job arrived before the host said hello";
      Error refused{.code = Errc::protocol_error, .detail = reason, .stage = Stage::start};
      channel_.send(protocol::Failed{std::move(refused)});
      return;
    }
    job_running_ = true;
    last_report_ = {};
    auto done = [this](std::exception_ptr thrown, Result<ChunkResult> result) { end_job(thrown, std::move(result)); };
    asio::co_spawn(executor_, render(std::move(job)), asio::bind_cancellation_slot(job_cancel_.slot(), std::move(done)));
  }

  asio::awaitable<Result<ChunkResult>> render(ChunkJob job) {
    // Results are values here; Asio would otherwise throw at the next co_await after a cancellation.
    co_await asio::this_coro::throw_if_cancelled(false);
    auto result = co_await renderer_.render(std::move(job));
    if (!result && co_await is_cancelled()) {
      co_return Error{.code = Errc::cancelled, .detail = "cancelled", .stage = Stage::capture};
    }
    co_return result;
  }

  void end_job(std::exception_ptr thrown, Result<ChunkResult> result) {
    job_running_ = false;
    if (thrown) result = Error{.code = Errc::internal, .detail = "the worker threw an exception", .stage = Stage::capture};
    if (result) {
      channel_.send(protocol::ChunkProgress{result->frames, result->frames});
      channel_.send(protocol::Done{std::move(*result)});
    } else {
      channel_.send(protocol::Failed{result.error()});
    }
    job_ended_.cancel();
  }

  void report(std::int64_t captured, std::int64_t encoded) {
    const auto now = Clock::now();
    if (now - last_report_ < progress_interval) return;
    last_report_ = now;
    channel_.send(protocol::ChunkProgress{captured, encoded});
  }

  asio::any_io_executor executor_;
  protocol::MessageChannel channel_;
  ChunkRenderer renderer_;
  asio::cancellation_signal job_cancel_{};
  asio::steady_timer job_ended_;  // cancelled when a job ends
  bool job_running_{false};
  bool greeted_{false};
  Clock::time_point last_report_{};
};

}  // namespace

int run_worker(int input_fd, int output_fd) {
  ::signal(SIGPIPE, SIG_IGN);
  asio::io_context context(1);
  Worker worker(context.get_executor(), UniqueFd(input_fd), UniqueFd(output_fd));
  asio::cancellation_signal stop;
  asio::signal_set signals(context, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code aborted, int) {
    if (!aborted) stop.emit(asio::cancellation_type::terminal);
  });
  auto ended = [&](std::exception_ptr) { context.stop(); };
  asio::co_spawn(context, worker.run(), asio::bind_cancellation_slot(stop.slot(), ended));
  context.run();
  return 0;
}

}  // namespace orchestrator
