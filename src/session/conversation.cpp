#include "session/conversation.hpp"

#include "base/web_url.hpp"

#include <orchestrator/version.hpp>
#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
  return text;
}

}  // namespace

WorkerSession::Conversation::Conversation(asio::any_io_executor executor, UniqueFd input, UniqueFd output, SessionOptions options)
    : options_(std::move(options)), channel_(std::move(executor), std::move(input), std::move(output)) {
  if (options_.remote && options_.worker_limit.count() == 0) options_.worker_limit = options_.heartbeat_limit;
  if (!options_.worker_name.empty()) name_ = options_.worker_name;
}

Error WorkerSession::Conversation::lost(Error error) {
  lost_ = true;
  error.stage = stage_;
  error.worker = name_;
  return error;
}

void WorkerSession::Conversation::hang_up() {
  lost_ = true;
  channel_.close();
}

asio::awaitable<Result<void>> WorkerSession::Conversation::start() {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto message = co_await channel_.receive(options_.start_limit);
  if (!message) co_return lost(message.error());
  auto checked = check_hello(*message);
  if (!checked) co_return lost(checked.error());
  channel_.send(protocol::Hello{.software = "orchestrator " ORCHESTRATOR_VERSION, .heartbeat_limit = options_.worker_limit});
  channel_.keep_beating(options_.heartbeat_limit / 5);
  greeted_ = true;
  co_return Result<void>{};
}

Result<void> WorkerSession::Conversation::check_hello(const protocol::Message& message) {
  const auto* hello = std::get_if<protocol::Hello>(&message);
  if (hello == nullptr) return Error{.code = Errc::protocol_error, .detail = "the worker did not say hello first"};
  if (options_.worker_name.empty() && !hello->name.empty()) name_ = hello->name;
  if (hello->protocol != protocol::version) {
    return Error{.code = Errc::executor_unavailable,
                 .detail = "the worker speaks protocol version " + std::to_string(hello->protocol) + ", this host version " +
                           std::to_string(protocol::version) + ": install the same orchestrator on both"};
  }
  if (options_.remote && !hello->missing.empty()) {
    return Error{.code = Errc::executor_unavailable, .detail = "it cannot render: " + joined(hello->missing)};
  }
  constexpr int most_slots = 1024;  // more than any machine has, whatever the worker says
  slots_ = std::clamp(hello->slots, 1, most_slots);
  return {};
}

template <class Message>
void WorkerSession::Conversation::send_job(Message message) {
  has_job_ = true;
  stage_ = Stage::load;
  message.id = ++job_;
  if (options_.remote && !is_web_url(message.job.composition)) {
    folder_.serve(message.job.composition);
    message.files_from_host = true;
  }
  channel_.send(message);
}

asio::awaitable<Result<ChunkResult>> WorkerSession::Conversation::run(const ChunkJob& job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  output_ = job.output;
  send_job(protocol::Job{.job = job, .return_file = options_.remote});
  co_return co_await answer_to_job<ChunkResult>(context);
}

asio::awaitable<Result<CompositionDescription>> WorkerSession::Conversation::describe(const DescribeJob& job,
                                                                                      ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  output_.clear();
  send_job(protocol::Describe{.job = job});
  co_return co_await answer_to_job<CompositionDescription>(context);
}

template <class Wanted>
asio::awaitable<Result<Wanted>> WorkerSession::Conversation::answer_to_job(ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto answer = co_await follow_or_cancel(context);
  receiver_.reset();
  has_job_ = false;
  if (!answer) co_return answer.error();
  if (auto* wanted = std::get_if<Wanted>(&*answer)) co_return std::move(*wanted);
  co_return lost({.code = Errc::protocol_error, .detail = "the worker answered something else than it was asked"});
}

asio::awaitable<Result<WorkerSession::Conversation::Answer>> WorkerSession::Conversation::follow_or_cancel(
    ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto answer = co_await follow(context, std::nullopt);
  if (answer || answer.error().code != Errc::cancelled || lost_) co_return answer;
  channel_.send(protocol::Cancel{});
  // Whatever the worker answers, its job has ended; a worker that does not answer is lost.
  const auto confirmed = co_await follow(context, Clock::now() + options_.cancel_limit);
  std::error_code ignored;
  if (confirmed) std::filesystem::remove(output_, ignored);  // a result that crossed the cancel
  Error error = cancelled_error();
  error.worker = name_;
  co_return error;
}

asio::awaitable<Result<WorkerSession::Conversation::Answer>> WorkerSession::Conversation::follow(
    ChunkContext& context, std::optional<Clock::time_point> confirm_by) {
  for (;;) {
    auto limit = options_.heartbeat_limit;
    if (confirm_by) {  // heartbeats do not count: a worker whose page hangs sends them, too
      limit = std::chrono::ceil<std::chrono::milliseconds>(*confirm_by - Clock::now());
      if (limit.count() <= 0) co_return lost({.code = Errc::executor_unavailable, .detail = "a cancel was not confirmed"});
    } else {
      const bool cancelled = co_await is_cancelled();
      if (cancelled) co_return cancelled_error();
    }
    auto message = co_await channel_.receive(limit);
    if (!message && message.error().code == Errc::cancelled) continue;
    if (!message) co_return lost(message.error());
    if (const auto* request = std::get_if<protocol::FileRequest>(&*message)) {
      auto answered = co_await folder_.answer(channel_, *request, options_.heartbeat_limit);
      if (!answered) co_return lost(answered.error());  // the worker may have got half a file, which nothing can follow
      continue;
    }
    auto taken = take(std::move(*message), context);
    if (!taken && taken.error().code == Errc::cancelled && !confirm_by) {
      co_return lost({.code = Errc::executor_unavailable, .detail = "the worker gave up its job: it was ended by a signal"});
    }
    if (!taken) co_return taken.error();
    if (taken->has_value()) co_return std::move(**taken);
  }
}

Result<void> WorkerSession::Conversation::check_job(const protocol::Message& message) {
  const auto job_in = [this](const auto& said) {
    if constexpr (requires { said.job + 0; }) return said.job;
    return job_;
  };
  const int job = std::visit(job_in, message);
  if (job == job_) return {};
  return lost({.code = Errc::protocol_error,
               .detail = "the worker sent '" + std::string(type_of(message)) + "' of job " + std::to_string(job) +
                         ", but it has job " + std::to_string(job_)});
}

Result<std::optional<WorkerSession::Conversation::Answer>> WorkerSession::Conversation::take(protocol::Message message,
                                                                                             ChunkContext& context) {
  if (auto checked = check_job(message); !checked) return checked.error();
  if (auto* progress = std::get_if<protocol::ChunkProgress>(&message)) {
    stage_ = Stage::capture;
    context.progress(progress->captured, progress->encoded);
  } else if (auto* log = std::get_if<protocol::Log>(&message)) {
    context.log(log->level, log->text);
  } else if (auto* done = std::get_if<protocol::Done>(&message)) {
    return take_result(std::move(*done));
  } else if (auto* described = std::get_if<protocol::Described>(&message)) {
    return std::optional<Answer>(std::move(described->description));
  } else if (auto* data = std::get_if<protocol::Data>(&message)) {
    return take_data(*data);
  } else if (auto* failed = std::get_if<protocol::Failed>(&message)) {
    failed->error.worker = name_;
    return std::move(failed->error);
  } else if (!std::holds_alternative<protocol::Heartbeat>(message)) {
    return lost({.code = Errc::protocol_error,
                 .detail = "the worker sent '" + std::string(type_of(message)) + "' in the middle of a job"});
  }
  return std::optional<Answer>{};
}

Result<std::optional<WorkerSession::Conversation::Answer>> WorkerSession::Conversation::take_result(protocol::Done done) {
  done.result.worker = name_;
  if (!options_.remote && done.result.file != output_) {
    return lost(
        {.code = Errc::protocol_error,
         .detail = "the worker's result is " + done.result.file.string() + ", but " + output_.string() + " was asked for"});
  }
  if (!options_.remote) return std::optional<Answer>(std::move(done.result));
  if (!done.file || receiver_) return lost({.code = Errc::protocol_error, .detail = "the worker's result has no file"});
  stage_ = Stage::encode;
  auto receiver = protocol::FileReceiver::open(output_, std::move(*done.file));
  if (!receiver) return lost(receiver.error());
  receiver_ = std::move(*receiver);
  arriving_ = std::move(done.result);
  arriving_.file = output_;
  return take_data({});  // an empty file is complete already
}

Result<std::optional<WorkerSession::Conversation::Answer>> WorkerSession::Conversation::take_data(const protocol::Data& data) {
  if (!receiver_) return lost({.code = Errc::protocol_error, .detail = "the worker sent data that no message announced"});
  const auto complete = receiver_->feed(data.bytes);
  if (!complete) return lost(complete.error());
  if (!*complete) return std::optional<Answer>{};
  receiver_.reset();
  return std::optional<Answer>(std::move(arriving_));
}

}  // namespace orchestrator
