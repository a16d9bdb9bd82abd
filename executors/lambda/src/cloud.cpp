#include "cloud.hpp"

#include "process/cancelled.hpp"
#include "process/pause.hpp"
#include "validate_options.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

// The function looks for the marker every second, ends its browser and says so (docs/lambda-function.md).
constexpr std::chrono::seconds cancel_limit{8};
// For one that nobody listens to: a second until it looks, and what a request takes.
constexpr std::chrono::seconds marker_time{3};
constexpr std::chrono::milliseconds before_telling{1'500};
constexpr std::chrono::milliseconds removal_check{20};
// For the few requests that remove a cancelled render's objects, at the end of a process that somebody wants to end.
constexpr std::chrono::seconds removal_limit{10};
// What a function needs beyond its time limit to say so: two seconds of margin, cold start, the network.
constexpr std::chrono::seconds answer_slack{60};
constexpr std::chrono::seconds between_throttling_reports{30};
// A render has more chunks than places; longer than this none of them is without one.
constexpr std::chrono::minutes between_chunks{5};

LambdaExecutorOptions completed(LambdaExecutorOptions options) {
  if (options.region.empty()) options.region = region_of_arn(options.function);
  if (options.region.empty()) options.region = aws::find_region(options.profile);
  if (!options.prefix.empty() && !options.prefix.ends_with('/')) options.prefix += '/';
  return options;
}

Error cancelled() { return Error{.code = Errc::cancelled, .detail = "cancelled", .stage = Stage::capture}; }

aws::AwsFailure cancelled_attempt() { return {.error = cancelled()}; }

/// Not in the coroutine that uses it: GCC 12 destroys the parts of an aggregate twice there.
aws::AwsResult<protocol::Done> attempt_of(const Invocation& invocation) {
  if (!invocation.service()) return invocation.service().error();
  auto answer = invocation.answer();
  if (answer) return std::move(*answer);
  // What befell the function may pass; what the page or the job is wrong about is for the schedule to judge.
  const Errc code = answer.error().code;
  const bool passes = code == Errc::executor_unavailable || code == Errc::protocol_error;
  aws::AwsFailure failure;
  failure.error = answer.error();
  failure.retry = passes ? aws::RetryClass::transient : aws::RetryClass::permanent;
  failure.status = 200;
  failure.may_have_run = true;
  return failure;
}

/// A function that was shut down says that it was cancelled; nobody here did that.
aws::AwsFailure ended_by_itself(aws::AwsFailure failure) {
  failure.error.code = Errc::executor_unavailable;
  failure.retry = aws::RetryClass::transient;
  return failure;
}

/// Whether the connection was lost, and not the function.
bool may_run_on(const Invocation& invocation) {
  if (invocation.service()) return false;
  const aws::AwsFailure failure = invocation.service().error();
  return failure.may_have_run && (failure.status == 0 || (failure.status == 200 && failure.name.empty()));
}

lambda::InvocationEvent pattern_of(const LambdaExecutorOptions& options) {
  return {.store = {.region = options.region,
                    .endpoint = options.s3_endpoint,
                    .path_style = options.s3_path_style,
                    .bucket = options.bucket},
          .time_limit = options.chunk_timeout};
}

}  // namespace

CloudRenders::CloudRenders(const asio::any_io_executor& loop, LambdaExecutorOptions options)
    : loop_(loop),
      options_(completed(std::move(options))),
      http_(loop),
      credentials_(
          loop, http_,
          {.keys = {options_.access_key_id, options_.secret_access_key, options_.session_token}, .profile = options_.profile}),
      store_(http_, credentials_, store_budget_,
             {.region = options_.region,
              .bucket = options_.bucket,
              .endpoint = options_.s3_endpoint,
              .path_style = options_.s3_path_style}),
      function_(http_, credentials_, store_budget_,
                {.region = options_.region,
                 .function = options_.function,
                 .qualifier = options_.qualifier,
                 .endpoint = options_.lambda_endpoint}),
      places_(loop, std::max(1, options_.max_concurrency)),
      chores_(loop) {
  store_.on_throttled([this](const aws::AwsFailure& failure) {
    if (is_time_to_tell_throttling()) tell(LogLevel::warning, failure.error.detail + ": waiting");
  });
}

LambdaUsage CloudRenders::usage() const noexcept {
  const std::chrono::milliseconds busy(busy_ms_.load());
  constexpr double mb_per_gb = 1024;  // AWS Lambda pricing: GB-seconds of 1,024 MB
  return {.invocations = invocations_.load(),
          .busy = busy,
          .gb_seconds = std::chrono::duration<double>(busy).count() * options_.memory_mb / mb_per_gb};
}

asio::awaitable<Result<void>> CloudRenders::prepare() {
  auto valid = validate(options_);
  if (!valid) co_return valid;
  auto keys = co_await credentials_.get();
  if (!keys) co_return keys.error();
  co_return Result<void>{};
}

asio::awaitable<void> CloudRenders::end() {
  const auto left = renders_;
  for (const auto& [id, render] : left) {
    if (render->unheard > 0) stop(render);
  }
  asio::steady_timer limit(loop_, removal_limit);
  limit.async_wait([this](boost::system::error_code too_early) {
    if (!too_early) chores_.cancel_all();
  });
  co_await chores_.wait();
}

/// A render that nobody has worked on for a while is forgotten when the next one comes: an executor may live for years.
CloudRenders::SharedRender CloudRenders::enter(const std::string& id) {
  if (const auto known = renders_.find(id); known != renders_.end()) return known->second;
  const auto others = renders_;
  for (const auto& [other, render] : others) {
    if (render->chunks > 0 || render->stopped || Clock::now() - render->idle_since < between_chunks) continue;
    if (render->unheard > 0) stop(render);
    if (!render->stopped) renders_.erase(other);
  }
  RenderObjects objects(loop_, store_, pattern_of(options_), options_.prefix, id);
  // Each place may try twice more before successes refill it; smaller renders have what AWS's SDKs have.
  const int tokens = std::max(aws::RetryBudget::standard_capacity, 2 * aws::RetryBudget::retry_cost * options_.max_concurrency);
  auto render = std::make_shared<Render>(Render{.objects = std::move(objects),
                                                .budget = aws::RetryBudget(tokens),
                                                .idle = asio::steady_timer(loop_, asio::steady_timer::time_point::max())});
  return renders_.emplace(id, std::move(render)).first->second;
}

asio::awaitable<Result<ChunkResult>> CloudRenders::render(ChunkJob job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const SharedRender render = enter(job.render);
  ++render->chunks;
  auto result = co_await run_chunk(render, job, context);
  render->idle_since = Clock::now();
  if (--render->chunks == 0) render->idle.cancel();
  const bool was_cancelled = !result && result.error().code == Errc::cancelled;
  if (was_cancelled) stop(render);
  // A function that runs on unheard would put its chunk again: then everything goes at the end.
  const bool goes_now = render->objects.began() && render->unheard == 0 && !was_cancelled;
  if (goes_now && render->removing.insert(job.chunk).second) chores_.spawn(remove_chunk(render, std::move(job)));
  if (result) {
    result->worker = options_.function;
    co_return result;
  }
  Error error = result.error();
  error.worker = options_.function;
  co_return error;
}

asio::awaitable<Result<ChunkResult>> CloudRenders::run_chunk(SharedRender render, ChunkJob job, ChunkContext& context) {
  while (render->removing.contains(job.chunk)) {  // of an earlier attempt: not what this one is about to make
    if (!co_await pause(removal_check)) co_return cancelled();
  }
  auto event = co_await render->objects.event_for(job, context);
  if (!event) co_return event.error();
  auto done = co_await invoke_until_done(render, std::move(*event), context);
  if (!done) co_return done.error().error;
  co_return co_await render->objects.fetch(std::move(job), std::move(*done));
}

asio::awaitable<CloudRenders::Attempt> CloudRenders::invoke_until_done(SharedRender render, std::string event,
                                                                       ChunkContext& context) {
  aws::RetryRules rules;
  rules.attempts = options_.attempts;
  aws::RetryState attempts(rules, render->budget);
  for (;;) {
    const bool may_start = co_await places_.take(render->stopped);
    if (!may_start) co_return cancelled_attempt();
    const auto mode = mode_;
    const auto started = Clock::now();
    auto attempt = co_await invoke(render, event, context);
    if (attempt) {
      places_.succeeded();
      attempts.succeeded();
      co_return attempt;
    }
    const aws::AwsFailure failure = attempt.error();
    const bool is_refusal = failure.retry == aws::RetryClass::throttled;
    std::optional<std::chrono::milliseconds> delay;
    if (is_refusal) delay = wait_out(failure, started, context);
    if (!is_refusal) places_.failed();
    const bool stopped = co_await is_cancelled();
    if (stopped) co_return cancelled_attempt();
    if (mode != mode_) continue;  // the function wants to be asked otherwise
    if (!is_refusal) {
      delay = attempts.failed(failure.retry, random(), failure.retry_after);
      if (!delay) co_return failure;
      context.log(LogLevel::info, failure.error.detail + ": trying again");
    }
    co_await pause(*delay);
  }
}

asio::awaitable<CloudRenders::Attempt> CloudRenders::invoke(SharedRender render, std::string event, ChunkContext& context) {
  const auto invocation = std::make_shared<Invocation>(loop_, function_, context);
  aws::LambdaInvocation request;
  request.payload = std::move(event);
  if (mode_ == Invocation::Mode::streaming) request.silence_timeout = options_.silence_timeout;
  request.total_timeout = options_.chunk_timeout + answer_slack;
  const auto start = Clock::now();
  auto accepted = [this] { places_.accepted(); };
  invocation->start(mode_, std::move(request), std::move(accepted));
  bool ended = co_await invocation->wait();
  if (!ended) {  // cancelled
    stop(render);
    ended = co_await invocation->wait(Clock::now() + cancel_limit);
    if (!ended) invocation->give_up();
    while (!ended) ended = co_await invocation->wait();
  }
  Attempt attempt = attempt_of(*invocation);
  if (!attempt && attempt.error().error.code == Errc::cancelled && !render->stopped) attempt = ended_by_itself(attempt.error());
  account(*render, *invocation, attempt, Clock::now() - start);
  co_return attempt;
}

void CloudRenders::account(Render& render, const Invocation& invocation, const Attempt& attempt, Clock::duration time) {
  if (attempt && !invocation.was_accepted()) places_.accepted();  // an answer that comes whole says so at its end
  if (attempt || attempt.error().may_have_run) {
    ++invocations_;
    busy_ms_ += std::chrono::ceil<std::chrono::milliseconds>(time).count();
  }
  if (may_run_on(invocation)) {
    ++render.unheard;
    render.unstarted = render.unstarted || !invocation.was_accepted();
  }
  // Functions that are not set to stream say so (Lambda API, InvokeWithResponseStream, ModeNotSupportedException).
  if (!attempt && attempt.error().name == "ModeNotSupportedException") mode_ = Invocation::Mode::buffered;
}

/// Throttling is back-pressure, not a failure: it is waited out for as long as it takes.
std::chrono::milliseconds CloudRenders::wait_out(const aws::AwsFailure& failure, Clock::time_point started,
                                                 ChunkContext& context) {
  const auto delay = places_.refused(refusal_of(failure.reason), started, random(), failure.retry_after);
  const int running = places_.running();
  if (is_time_to_tell_throttling()) {
    context.log(running == 0 ? LogLevel::warning : LogLevel::info,
                failure.error.detail + ": waiting, with " + std::to_string(running) + " invocations under way");
  }
  return delay;
}

bool CloudRenders::is_time_to_tell_throttling() {
  const auto now = Clock::now();
  if (now - told_throttling_ < between_throttling_reports) return false;
  told_throttling_ = now;
  return true;
}

void CloudRenders::stop(const SharedRender& render) {
  if (std::exchange(render->stopped, true)) return;
  places_.wake();
  chores_.spawn(clear_up(render));
}

asio::awaitable<void> CloudRenders::clear_up(SharedRender render) {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (render->objects.began() && render->chunks + render->unheard > 0) tell(co_await render->objects.put_marker());
  const auto marked = Clock::now();
  for (bool told = false; render->chunks > 0;) {
    render->idle.expires_after(told ? std::chrono::hours(1) : before_telling);
    boost::system::error_code ended;
    co_await render->idle.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (!ended && !std::exchange(told, true)) {
      tell(LogLevel::warning, "cancelled: waiting for " + std::to_string(render->chunks) + " function(s) to end");
    }
  }
  if (render->unheard > 0) co_await pause(std::chrono::ceil<std::chrono::milliseconds>(marked + marker_time - Clock::now()));
  // A function that had not begun may still do: it has to find the marker.
  if (render->objects.began()) tell(co_await render->objects.remove_all(render->unstarted));
  renders_.erase(render->objects.render());
}

asio::awaitable<void> CloudRenders::remove_chunk(SharedRender render, ChunkJob job) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const int chunk = job.chunk;
  tell(co_await render->objects.remove(std::move(job)));
  render->removing.erase(chunk);
}

void CloudRenders::tell(const Result<void>& done) {
  if (!done) tell(LogLevel::warning, done.error().detail + "; what stays in the bucket has to be removed by its lifecycle rule");
}

void CloudRenders::tell(LogLevel level, const std::string& text) {
  if (options_.on_log) options_.on_log(level, text);
}

}  // namespace orchestrator
