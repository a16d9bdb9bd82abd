#include "worker/worker.hpp"

#include "base/exception_text.hpp"
#include "protocol/message_channel.hpp"
#include "worker/chunk_renderer.hpp"
#include "worker/lease_guard.hpp"
#include "worker/workspace.hpp"

#include <orchestrator/version.hpp>
#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

#include <csignal>

namespace orchestrator {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

// Often enough for a smooth bar, rarely enough to cost nothing.
constexpr std::chrono::milliseconds progress_interval{100};
// The longest time between two heartbeats to a host that says what its limit is.
constexpr std::chrono::milliseconds longest_heartbeat_interval{2'000};

constexpr std::chrono::milliseconds cancel_pause{250};
// How long the last messages may take. A host that no longer reads does not get them.
constexpr std::chrono::milliseconds flush_limit{1'000};

std::string worker_name() {
  char host[256] = "worker";
  ::gethostname(host, sizeof host - 1);
  return std::string(host) + "/" + std::to_string(::getpid());
}

/// A worker from start to end: hello, then one job at a time, until stdin ends, the host falls silent or a signal comes.
class Worker {
 public:
  Worker(asio::any_io_executor executor, UniqueFd input, UniqueFd output, WorkerTraits traits)
      : executor_(executor),
        traits_(std::move(traits)),
        channel_(executor, std::move(input), std::move(output)),
        renderer_(ChunkReports{[this](std::int64_t captured, std::int64_t encoded) { report(captured, encoded); },
                               [this](LogLevel level, std::string_view text) {
                                 channel_.send(protocol::Log{level, std::string(text)});
                               }}),
        workspace_(executor, channel_),
        job_ended_(executor) {}

  asio::awaitable<void> run() {
    co_await asio::this_coro::throw_if_cancelled(false);  // a signal ends the conversation in order, not by an exception
    channel_.send(protocol::Hello{.software = "orchestrator " ORCHESTRATOR_VERSION,
                                  .name = worker_name(),
                                  .slots = traits_.slots,
                                  .missing = traits_.missing});
    const Error end = co_await follow_host();
    const bool host_is_gone = end.code == Errc::executor_unavailable || end.code == Errc::cancelled;
    if (!host_is_gone) fail(end);
    co_await end_running_job();
    co_await renderer_.stop();
    co_await channel_.flush(flush_limit);
  }

 private:
  asio::awaitable<void> end_running_job() {
    while (job_running_) {
      job_cancel_.emit(asio::cancellation_type::terminal);  // repeated, because it may fall between two operations
      job_ended_.expires_after(cancel_pause);
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
        // The host's limit is for both directions: a host with a shorter one gets heartbeats more often.
        if (silence_limit.count() > 0) heartbeat_interval_ = std::min(longest_heartbeat_interval, silence_limit / 5);
        if (hello->protocol != protocol::version) co_return refuse(*hello);
        greeted_ = true;
      } else if (auto* job = std::get_if<protocol::Job>(&*message)) {
        start_job(std::move(*job));
      } else if (auto* describe = std::get_if<protocol::Describe>(&*message)) {
        start_job(std::move(*describe));
      } else if (std::holds_alternative<protocol::Cancel>(*message)) {
        if (job_running_) job_cancel_.emit(asio::cancellation_type::terminal);
      } else if (auto taken = take_file(*message); !taken) {
        co_return taken.error();
      }
    }
  }

  Result<void> take_file(const protocol::Message& message) {
    if (const auto* answer = std::get_if<protocol::FileAnswer>(&message)) return workspace_.on(*answer);
    if (const auto* data = std::get_if<protocol::Data>(&message)) return workspace_.on(*data);
    return {};
  }

  Error refuse(const protocol::Hello& hello) {
    Error error{.code = Errc::executor_unavailable,
                .detail = "the host speaks protocol version " + std::to_string(hello.protocol) + ", this worker version " +
                          std::to_string(protocol::version),
                .stage = Stage::start};
    fail(error);
    return error;
  }

  /// `job`: a protocol::Job or a protocol::Describe.
  template <class AnyJob>
  void start_job(AnyJob job) {
    if (job_running_ || !greeted_) {
      const char* reason = greeted_ ? "a job arrived while another one runs" : "a job arrived before the host said hello";
      Error refused{.code = Errc::protocol_error, .detail = reason, .stage = Stage::start};
      channel_.send(protocol::Failed{std::move(refused), job.id});
      return;
    }
    job_running_ = true;
    job_ = job.id;
    channel_.keep_beating(heartbeat_interval_);  // between jobs the host need not read, and what is sent would pile up
    last_report_ = {};
    auto done = [this](std::exception_ptr thrown) { end_job(thrown); };
    asio::co_spawn(executor_, run_job(std::move(job)), asio::bind_cancellation_slot(job_cancel_.slot(), std::move(done)));
  }

  /// Does a job. Ends when its answer or `error` is on its way to the host.
  template <class AnyJob>
  asio::awaitable<void> run_job(AnyJob job) {
    // Errors are values here; Asio would otherwise throw at the next co_await after a cancellation.
    co_await asio::this_coro::throw_if_cancelled(false);
    auto reported = co_await do_and_report(std::move(job));
    if (reported) co_return;
    Error error = reported.error();
    const bool cancelled = co_await is_cancelled();
    if (cancelled) error = {.code = Errc::cancelled, .detail = "cancelled", .stage = Stage::capture};
    fail(std::move(error));
  }

  asio::awaitable<Result<void>> do_and_report(protocol::Describe describe) {
    auto source = workspace_.prepare(describe);
    if (!source) co_return source.error();
    auto description = co_await renderer_.describe(without_frames(std::move(describe.job)), std::move(*source));
    if (!description) co_return description.error();
    channel_.send(protocol::Described{std::move(*description), job_});
    co_return Result<void>{};
  }

  asio::awaitable<Result<void>> do_and_report(protocol::Job job) {
    auto source = workspace_.prepare(job);
    if (!source) co_return source.error();
    auto result = co_await renderer_.render(std::move(job.job), std::move(*source));
    if (!result) co_return result.error();
    channel_.send(protocol::ChunkProgress{result->frames, result->frames, job_});
    if (job.return_file) co_return co_await workspace_.send_back(std::move(*result), job_);
    channel_.send(protocol::Done{.result = std::move(*result), .job = job_});
    co_return Result<void>{};
  }

  void end_job(const std::exception_ptr& thrown) {
    job_running_ = false;
    channel_.stop_beating();
    if (thrown) {
      fail({.code = Errc::internal, .detail = "the worker threw: " + exception_text(thrown), .stage = Stage::capture});
    }
    job_ended_.cancel();
  }

  /// Says that the last job failed, or, before the first one, that the conversation did.
  void fail(Error error) { channel_.send(protocol::Failed{std::move(error), job_}); }

  void report(std::int64_t captured, std::int64_t encoded) {
    const auto now = Clock::now();
    if (now - last_report_ < progress_interval) return;
    last_report_ = now;
    channel_.send(protocol::ChunkProgress{captured, encoded, job_});
  }

  asio::any_io_executor executor_;
  WorkerTraits traits_;
  protocol::MessageChannel channel_;
  ChunkRenderer renderer_;
  Workspace workspace_;
  asio::cancellation_signal job_cancel_{};
  asio::steady_timer job_ended_;  // cancelled when a job ends
  bool job_running_{false};
  int job_{0};  // id of the last job
  bool greeted_{false};
  std::chrono::milliseconds heartbeat_interval_{protocol::unasked_heartbeat_interval};
  Clock::time_point last_report_{};
};

}  // namespace

Result<void> run_worker(int input_fd, int output_fd, WorkerTraits traits) {
  ::signal(SIGPIPE, SIG_IGN);
  guard_lease(input_fd);
  asio::io_context context(1);
  Worker worker(context.get_executor(), UniqueFd(input_fd), UniqueFd(output_fd), std::move(traits));
  asio::cancellation_signal stop;
  asio::signal_set signals(context, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code aborted, int) {
    if (!aborted) stop.emit(asio::cancellation_type::terminal);
  });
  Result<void> end;
  auto ended = [&](const std::exception_ptr& thrown) {
    if (thrown) end = Error{.detail = "the worker threw: " + exception_text(thrown), .stage = Stage::capture};
    context.stop();
  };
  asio::co_spawn(context, worker.run(), asio::bind_cancellation_slot(stop.slot(), ended));
  context.run();
  return end;
}

}  // namespace orchestrator
