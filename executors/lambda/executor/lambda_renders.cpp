#include "lambda/executor/lambda_renders.hpp"

#include "lambda/executor/validate_options.hpp"

#include <orchestrator/worker/composition.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace orchestrator {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

// A render that had no chunk under way for this long is taken to be over: chunks of one render follow each other faster.
constexpr std::chrono::minutes between_chunks{5};

LambdaExecutorOptions completed(LambdaExecutorOptions options) {
  if (options.region.empty()) options.region = region_of_arn(options.function);
  if (options.region.empty()) options.region = aws::find_region(options.profile);
  if (!options.prefix.empty() && !options.prefix.ends_with('/')) options.prefix += '/';
  return options;
}

Error another_answer() {
  return {.code = Errc::protocol_error, .detail = "the function answered something else than it was asked", .stage = Stage::load};
}

lambda::InvocationEvent pattern_of(const LambdaExecutorOptions& options) {
  return {.store = {.region = options.region,
                    .endpoint = options.s3_endpoint,
                    .path_style = options.s3_path_style,
                    .bucket = options.bucket},
          .time_limit = options.chunk_timeout};
}

}  // namespace

LambdaRenders::LambdaRenders(const asio::any_io_executor& loop, LambdaExecutorOptions options)
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

LambdaUsage LambdaRenders::usage() const noexcept {
  const std::chrono::milliseconds busy(busy_ms_.load());
  constexpr double mb_per_gb = 1024;  // AWS Lambda pricing: GB-seconds of 1,024 MB
  return {.invocations = invocations_.load(),
          .busy = busy,
          .gb_seconds = std::chrono::duration<double>(busy).count() * options_.memory_mb / mb_per_gb};
}

asio::awaitable<Result<void>> LambdaRenders::prepare() {
  auto valid = validate(options_);
  if (!valid) co_return valid;
  auto keys = co_await credentials_.get();
  if (!keys) co_return keys.error();
  co_return Result<void>{};
}

/// Finds the state of a render or begins it. A new render makes the executor forget those that had no chunk under way for a
/// while, because an executor may live for years.
LambdaRenders::SharedRender LambdaRenders::enter(const std::string& id) {
  if (const auto known = renders_.find(id); known != renders_.end()) return known->second;
  std::erase_if(renders_, [now = Clock::now()](const auto& other) {
    return other.second->chunks == 0 && now - other.second->idle_since >= between_chunks;
  });
  // The budget pays for two retries of each place before successes refill it, and is at least that of the AWS SDKs.
  const int tokens = std::max(aws::RetryBudget::standard_capacity, 2 * aws::RetryBudget::retry_cost * options_.max_concurrency);
  auto render = std::make_shared<Render>(
      Render{.compositions = RenderCompositions(loop_, store_, options_.prefix), .budget = aws::RetryBudget(tokens)});
  return renders_.emplace(id, std::move(render)).first->second;
}

LambdaRenders::SharedAttempt LambdaRenders::begin(const ChunkJob& job) {
  AttemptObjects objects(store_, attempt_keys(options_.prefix, job, random_attempt_id()));
  return std::make_shared<Attempt>(
      Attempt{.objects = std::move(objects), .ended = asio::steady_timer(loop_, asio::steady_timer::time_point::max())});
}

asio::awaitable<Result<ChunkResult>> LambdaRenders::render(ChunkJob job, ChunkContext& context) {
  const Take<ChunkResult> take = [this, output = job.output](
                                     Attempt& attempt, lambda::FunctionAnswer answer) -> asio::awaitable<Result<ChunkResult>> {
    auto* done = std::get_if<protocol::Done>(&answer);
    if (done == nullptr) co_return another_answer();
    auto result = co_await attempt.objects.fetch(output, std::move(*done));
    if (result) result->worker = options_.function;
    co_return result;
  };
  lambda::InvocationEvent event = pattern_of(options_);
  event.job = std::move(job);
  co_return co_await in_attempt(std::move(event), take, context);
}

asio::awaitable<Result<CompositionDescription>> LambdaRenders::describe(DescribeJob job, ChunkContext& context) {
  const Take<CompositionDescription> take = [](Attempt&,
                                               lambda::FunctionAnswer answer) -> asio::awaitable<Result<CompositionDescription>> {
    auto* described = std::get_if<protocol::Described>(&answer);
    if (described == nullptr) co_return another_answer();
    co_return std::move(described->description);
  };
  lambda::InvocationEvent event = pattern_of(options_);
  event.job = without_frames(std::move(job));
  event.describes = true;
  co_return co_await in_attempt(std::move(event), take, context);
}

template <class T>
asio::awaitable<Result<T>> LambdaRenders::in_attempt(lambda::InvocationEvent event, const Take<T>& take, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const SharedRender render = enter(event.job.render);
  ++render->chunks;
  const SharedAttempt attempt = begin(event.job);
  auto answer = co_await run_attempt(render, attempt, std::move(event), context);
  Result<T> result = Error{};
  if (answer) {
    result = co_await take(*attempt, std::move(*answer));
  } else {
    result = answer.error();
  }
  render->idle_since = Clock::now();
  --render->chunks;
  attempt->under_way = false;
  attempt->ended.cancel();
  finish(render, attempt);
  if (result) co_return result;
  Error error = result.error();
  error.worker = options_.function;
  co_return error;
}

asio::awaitable<Result<lambda::FunctionAnswer>> LambdaRenders::run_attempt(SharedRender render, SharedAttempt attempt,
                                                                           lambda::InvocationEvent event, ChunkContext& context) {
  if (!is_web_url(event.job.composition)) {
    auto manifest = co_await render->compositions.manifest_of(event.job.composition, context);
    if (!manifest) co_return manifest.error();
    event.manifest = std::move(*manifest);
  }
  auto text = co_await attempt->objects.text_of(std::move(event));
  if (!text) co_return text.error();
  auto done = co_await invoke_until_done(render, attempt, std::move(*text), context);
  if (!done) co_return done.error().error;
  co_return std::move(*done);
}

}  // namespace orchestrator
