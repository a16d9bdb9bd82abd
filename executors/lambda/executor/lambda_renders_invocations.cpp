// Invokes the function for one chunk until there is a result, or until trying again is useless.
#include "lambda/executor/lambda_renders.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

// The longest wait for a cancelled function: it looks for the marker every second, ends its browser and then answers
// (docs/lambda-function.md).
constexpr std::chrono::seconds cancel_limit{8};
// What a function needs beyond its time limit to say that it has reached it: two seconds of margin, cold start, the network.
constexpr std::chrono::seconds answer_slack{60};
constexpr std::chrono::seconds between_throttling_reports{30};

aws::AwsFailure cancelled_outcome() {
  return {.error = {.code = Errc::cancelled, .detail = "cancelled", .stage = Stage::capture}};
}

/// A function of its own, because GCC 12 destroys the parts of an aggregate twice in the coroutine that needs it.
aws::AwsResult<lambda::FunctionAnswer> outcome_of(const Invocation& invocation) {
  if (!invocation.service()) return invocation.service().error();
  auto answer = invocation.answer();
  if (answer) return std::move(*answer);
  // What happened to the function may not happen again. Errors of the page or the job are left to the schedule.
  const Errc code = answer.error().code;
  const bool passes = code == Errc::executor_unavailable || code == Errc::protocol_error;
  aws::AwsFailure failure;
  failure.error = answer.error();
  failure.retry = passes ? aws::RetryClass::transient : aws::RetryClass::permanent;
  failure.status = 200;
  failure.may_have_run = true;
  return failure;
}

/// Turns "cancelled" into a failure that may pass. A function that is shut down says it was cancelled, though nobody here did
/// that.
aws::AwsFailure ended_by_itself(aws::AwsFailure failure) {
  failure.error.code = Errc::executor_unavailable;
  failure.retry = aws::RetryClass::transient;
  return failure;
}

/// Whether only the connection was lost, so that the function may still be running.
bool may_run_on(const Invocation& invocation) {
  if (invocation.service()) return false;
  const aws::AwsFailure failure = invocation.service().error();
  return failure.may_have_run && (failure.status == 0 || (failure.status == 200 && failure.name.empty()));
}

}  // namespace

asio::awaitable<LambdaRenders::Outcome> LambdaRenders::invoke_until_done(SharedRender render, SharedAttempt attempt,
                                                                         std::string event, ChunkContext& context) {
  aws::RetryRules rules;
  rules.attempts = options_.attempts;
  aws::RetryState tries(rules, render->budget);
  for (;;) {
    const bool may_start = co_await places_.take();
    if (!may_start) co_return cancelled_outcome();
    const auto mode = mode_;
    const auto started = Clock::now();
    auto outcome = co_await invoke(render, attempt, event, context);
    if (outcome) {
      places_.succeeded();
      tries.succeeded();
      co_return outcome;
    }
    const aws::AwsFailure failure = outcome.error();
    const bool is_refusal = failure.retry == aws::RetryClass::throttled;
    std::optional<std::chrono::milliseconds> delay;
    if (is_refusal) delay = wait_out(failure, started, context);
    if (!is_refusal) places_.failed();
    const bool stopped = co_await is_cancelled();
    if (stopped) co_return cancelled_outcome();
    if (mode != mode_) continue;  // the function cannot stream: invoke it for a buffered answer
    if (!is_refusal) {
      delay = tries.failed(failure.retry, random(), failure.retry_after);
      if (!delay) co_return failure;
      context.log(LogLevel::info, failure.error.detail + ": trying again");
    }
    co_await pause(*delay);
  }
}

asio::awaitable<LambdaRenders::Outcome> LambdaRenders::invoke(SharedRender render, SharedAttempt attempt, std::string event,
                                                              ChunkContext& context) {
  const auto invocation = std::make_shared<Invocation>(loop_, function_, context);
  aws::LambdaInvocation request;
  request.payload = std::move(event);
  if (mode_ == Invocation::Mode::streaming) request.silence_timeout = options_.silence_timeout;
  request.total_timeout = options_.chunk_timeout + answer_slack;
  const auto start = Clock::now();
  auto accepted = [this] { places_.accepted(); };
  invocation->start(mode_, std::move(request), std::move(accepted));
  bool ended = co_await invocation->wait();
  const bool was_cancelled = !ended;
  if (was_cancelled) {
    finish(render, attempt);
    ended = co_await invocation->wait(Clock::now() + cancel_limit);
    if (!ended) invocation->give_up();
    while (!ended) ended = co_await invocation->wait();
  }
  Outcome outcome = outcome_of(*invocation);
  if (!outcome && outcome.error().error.code == Errc::cancelled && !was_cancelled) outcome = ended_by_itself(outcome.error());
  account(*attempt, *invocation, outcome, Clock::now() - start);
  co_return outcome;
}

void LambdaRenders::account(Attempt& attempt, const Invocation& invocation, const Outcome& outcome, Clock::duration time) {
  if (outcome && !invocation.was_accepted()) places_.accepted();  // a buffered answer shows this only at its end
  if (outcome || outcome.error().may_have_run) {
    ++invocations_;
    busy_ms_ += std::chrono::ceil<std::chrono::milliseconds>(time).count();
  }
  if (may_run_on(invocation)) {
    ++attempt.unheard;
    attempt.unstarted = attempt.unstarted || !invocation.was_accepted();
  }
  // The error of a function that is not set to stream (Lambda API, InvokeWithResponseStream, ModeNotSupportedException).
  if (!outcome && outcome.error().name == "ModeNotSupportedException") mode_ = Invocation::Mode::buffered;
}

/// Throttling is back-pressure, not a failure: it is waited out for as long as it takes.
std::chrono::milliseconds LambdaRenders::wait_out(const aws::AwsFailure& failure, Clock::time_point started,
                                                  ChunkContext& context) {
  const auto delay = places_.refused(refusal_of(failure.reason), started, random(), failure.retry_after);
  const int running = places_.running();
  if (is_time_to_tell_throttling()) {
    context.log(running == 0 ? LogLevel::warning : LogLevel::info,
                failure.error.detail + ": waiting, with " + std::to_string(running) + " invocations under way");
  }
  return delay;
}

bool LambdaRenders::is_time_to_tell_throttling() {
  const auto now = Clock::now();
  if (now - told_throttling_ < between_throttling_reports) return false;
  told_throttling_ = now;
  return true;
}

}  // namespace orchestrator
