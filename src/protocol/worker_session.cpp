#include "protocol/worker_session.hpp"

#include "process/cancelled.hpp"

#include <orchestrator/version.hpp>

namespace orchestrator::protocol {

namespace asio = boost::asio;

WorkerSession::WorkerSession(asio::any_io_executor executor, UniqueFd input, UniqueFd output, SessionOptions options)
    : options_(options), channel_(executor, std::move(input), std::move(output)) {}

Error WorkerSession::lost(Error error, Stage stage) {
  usable_ = false;
  error.stage = stage;
  error.worker = name_;
  return error;
}

asio::awaitable<Result<void>> WorkerSession::start() {
  auto message = co_await channel_.receive(options_.start_limit);
  if (!message) co_return lost(message.error());
  const auto* hello = std::get_if<Hello>(&*message);
  if (hello == nullptr) {
    co_return lost({.code = Errc::protocol_error, .detail = "the worker did not say hello first", .stage = Stage::start});
  }
  if (!hello->name.empty()) name_ = hello->name;
  if (hello->protocol != version) {
    co_return lost({.code = Errc::executor_unavailable,
                    .detail = "the worker speaks protocol version " + std::to_string(hello->protocol) + ", this host version " +
                              std::to_string(version) + ": install the same orchestrator on both",
                    .stage = Stage::start});
  }
  channel_.send(Hello{.software = "orchestrator " ORCHESTRATOR_VERSION, .heartbeat_limit = options_.worker_limit});
  channel_.keep_beating(options_.heartbeat_limit / 5);
  usable_ = true;
  co_return Result<void>{};
}

asio::awaitable<Result<ChunkResult>> WorkerSession::run(const ChunkJob& job, ChunkContext& context) {
  channel_.send(Job{job});
  auto result = co_await follow(context, std::nullopt);
  if (!result && result.error().code == Errc::cancelled && usable_) {
    channel_.send(Cancel{});
    // Whatever it answers, its job has ended; if it does not answer, it is lost.
    static_cast<void>(co_await follow(context, Clock::now() + options_.cancel_limit));
    co_return Error{.code = Errc::cancelled, .detail = "cancelled", .stage = Stage::capture, .worker = name_};
  }
  co_return result;
}

asio::awaitable<Result<ChunkResult>> WorkerSession::follow(ChunkContext& context, std::optional<Clock::time_point> confirm_by) {
  Stage stage = Stage::load;
  for (;;) {
    auto limit = options_.heartbeat_limit;
    if (confirm_by) {  // heartbeats do not count: a worker whose page hangs sends them, too
      limit = std::chrono::ceil<std::chrono::milliseconds>(*confirm_by - Clock::now());
      if (limit.count() <= 0) co_return lost({.code = Errc::executor_unavailable, .detail = "a cancel was not confirmed"}, stage);
    } else if (co_await is_cancelled()) {
      co_return Error{.code = Errc::cancelled, .detail = "cancelled"};
    }
    auto message = co_await channel_.receive(limit);
    if (!message && message.error().code == Errc::cancelled) continue;
    if (!message) co_return lost(message.error(), stage);
    if (auto* progress = std::get_if<ChunkProgress>(&*message)) {
      stage = Stage::capture;
      context.progress(progress->captured, progress->encoded);
    } else if (auto* log = std::get_if<Log>(&*message)) {
      context.log(log->level, log->text);
    } else if (auto* done = std::get_if<Done>(&*message)) {
      done->result.worker = name_;
      co_return std::move(done->result);
    } else if (auto* failed = std::get_if<Failed>(&*message)) {
      failed->error.worker = name_;
      co_return std::move(failed->error);
    } else if (!std::holds_alternative<Heartbeat>(*message)) {
      co_return lost({.code = Errc::protocol_error,
                      .detail = "the worker sent '" + std::string(type_of(*message)) + "' in the middle of a job"},
                     stage);
    }
  }
}

}  // namespace orchestrator::protocol
