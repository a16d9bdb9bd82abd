#include "cloud.hpp"

#include "composition_upload.hpp"
#include "http/web_url.hpp"
#include "object_keys.hpp"
#include "process/cancelled.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdlib>

namespace orchestrator {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

// Lambda takes 6 MB (6,291,456 bytes) in a synchronous invocation; the rest is for what wraps it.
constexpr std::size_t largest_event_bytes = std::size_t{5} << 20;
// The function looks for the marker every second, ends its browser and says so (docs/lambda-function.md).
constexpr std::chrono::seconds cancel_limit{8};

std::string region_of(const LambdaExecutorOptions& options) {
  if (!options.region.empty()) return options.region;
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0') return value;
  }
  return {};
}

LambdaExecutorOptions with_region(LambdaExecutorOptions options) {
  options.region = region_of(options);
  if (!options.prefix.empty() && !options.prefix.ends_with('/')) options.prefix += '/';
  return options;
}

Error missing(const char* what) { return Error{.code = Errc::invalid_options, .detail = what, .stage = Stage::start}; }

Error cancelled() { return Error{.code = Errc::cancelled, .detail = "cancelled", .stage = Stage::capture}; }

/// Not in the coroutine that uses it: GCC 12 destroys the parts of an aggregate twice there.
aws::AwsResult<protocol::Done> attempt_of(const Invocation& invocation) {
  if (!invocation.service()) return invocation.service().error();
  auto answer = invocation.answer();
  if (answer) return std::move(*answer);
  aws::AwsFailure failure;
  failure.error = answer.error();
  return failure;
}

lambda::InvocationEvent event_of(const LambdaExecutorOptions& options, const ChunkJob& job, const std::string& manifest) {
  return {.store = {.region = options.region,
                    .endpoint = options.s3_endpoint,
                    .path_style = options.s3_path_style,
                    .bucket = options.bucket},
          .job = job,
          .manifest = manifest,
          .result = result_key(options.prefix, job),
          .cancel = cancel_key(options.prefix, job.render)};
}

}  // namespace

CloudRenders::CloudRenders(const asio::any_io_executor& loop, LambdaExecutorOptions options)
    : loop_(loop),
      options_(with_region(std::move(options))),
      http_(loop),
      credentials_(
          loop, http_,
          {.keys = {options_.access_key_id, options_.secret_access_key, options_.session_token}, .profile = options_.profile}),
      store_(http_, credentials_, budget_,
             {.region = options_.region,
              .bucket = options_.bucket,
              .endpoint = options_.s3_endpoint,
              .path_style = options_.s3_path_style}),
      function_(http_, credentials_, budget_,
                {.region = options_.region,
                 .function = options_.function,
                 .qualifier = options_.qualifier,
                 .endpoint = options_.lambda_endpoint}),
      limit_(std::max(1, options_.max_concurrency)),
      place_(loop, asio::steady_timer::time_point::max()),
      chores_(loop) {}

asio::awaitable<Result<void>> CloudRenders::prepare() {
  if (options_.function.empty()) co_return missing("no Lambda function was named (--lambda-function)");
  if (options_.bucket.empty()) co_return missing("no S3 bucket was named (--lambda-bucket)");
  if (options_.region.empty()) co_return missing("no region is known: set AWS_REGION, or name it (--lambda-region)");
  auto keys = co_await credentials_.get();
  if (!keys) co_return keys.error();
  co_return Result<void>{};
}

asio::awaitable<void> CloudRenders::end() { co_await chores_.wait(); }

asio::awaitable<Result<ChunkResult>> CloudRenders::render(ChunkJob job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  Render& render = renders_.try_emplace(job.render, loop_).first->second;
  ++render.chunks;
  auto result = co_await run_chunk(render, job, context);
  --render.chunks;
  if (!result) {
    result.error().worker = options_.function;
    tell_functions(render, job.render);  // nothing of a render that has failed is wanted any more
    if (render.chunks == 0) chores_.spawn(remove_objects(job.render));
  }
  co_return result;
}

asio::awaitable<Result<ChunkResult>> CloudRenders::run_chunk(Render& render, const ChunkJob& job, ChunkContext& context) {
  auto manifest = co_await manifest_of(render, job.composition);
  if (!manifest) co_return manifest.error();
  auto event = co_await event_for(job, *manifest);
  if (!event) co_return event.error();
  aws::RetryRules rules;
  rules.attempts = options_.attempts;
  aws::RetryState attempts(rules, budget_);
  for (;;) {
    co_await wait_for_place();
    bool stopped = co_await is_cancelled();
    if (stopped || render.ending) co_return cancelled();
    const auto mode = mode_;
    auto attempt = co_await invoke(render, job, *event, context);
    if (attempt) co_return co_await fetch(job, std::move(*attempt));
    stopped = co_await is_cancelled();
    if (stopped) co_return cancelled();
    const aws::AwsFailure failure = attempt.error();
    if (mode != mode_) continue;  // the function wants to be asked otherwise
    std::uniform_real_distribution<double> between(0.0, 1.0);
    if (failure.retry == aws::RetryClass::throttled) {  // back-pressure: waited out for as long as it takes
      co_await pause(aws::back_off(rules, failure.retry, 1, between(random_), failure.retry_after));
      continue;
    }
    const auto delay = attempts.failed(failure.retry, between(random_), failure.retry_after);
    if (!delay) co_return failure.error;
    context.log(LogLevel::info, failure.error.detail + ": trying again");
    co_await pause(*delay);
  }
}

asio::awaitable<Result<std::string>> CloudRenders::manifest_of(Render& render, const std::string& composition) {
  if (is_web_url(composition)) co_return std::string();
  bool stopped = co_await is_cancelled();
  while (render.uploading && !stopped) {
    boost::system::error_code woken;
    co_await render.uploaded.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    stopped = co_await is_cancelled();
  }
  if (stopped) co_return cancelled();
  if (!render.manifest) {
    render.uploading = true;
    render.manifest = co_await upload_composition(store_, options_.prefix, composition);
    render.uploading = false;
    render.uploaded.cancel();
  }
  co_return *render.manifest;
}

asio::awaitable<Result<std::string>> CloudRenders::event_for(const ChunkJob& job, const std::string& manifest) {
  lambda::InvocationEvent event = event_of(options_, job, manifest);
  std::string text = lambda::to_json(event);
  if (text.size() <= largest_event_bytes) co_return text;
  event.job_at = event_key(options_.prefix, text);
  aws::S3PutOptions json;
  json.only_if_absent = true;
  json.content_type = "application/json";
  auto stored = co_await store_.put(event.job_at, std::move(text), std::move(json));
  if (!stored) co_return stored.error().error;
  co_return lambda::to_json(event);
}

asio::awaitable<CloudRenders::Attempt> CloudRenders::invoke(Render& render, const ChunkJob& job, const std::string& event,
                                                            ChunkContext& context) {
  const auto invocation = std::make_shared<Invocation>(loop_, function_, context);
  limit_.started();
  aws::LambdaInvocation request;
  request.payload = event;
  if (mode_ == Invocation::Mode::streaming) request.silence_timeout = options_.silence_timeout;
  invocation->start(mode_, std::move(request));
  bool ended = co_await invocation->wait();
  if (!ended) {  // cancelled
    tell_functions(render, job.render);
    ended = co_await invocation->wait(Clock::now() + cancel_limit);
    if (!ended) invocation->give_up();
    while (!ended) ended = co_await invocation->wait();
  }
  Attempt attempt = attempt_of(*invocation);
  account(attempt);
  co_return attempt;
}

void CloudRenders::account(const Attempt& attempt) {
  if (attempt) {
    limit_.succeeded();
  } else if (attempt.error().retry == aws::RetryClass::throttled) {
    limit_.throttled();
  } else {
    limit_.failed();
  }
  // Functions that are not set to stream say so (Lambda API, InvokeWithResponseStream, ModeNotSupportedException).
  if (!attempt && attempt.error().name == "ModeNotSupportedException") mode_ = Invocation::Mode::buffered;
  place_.cancel();
}

asio::awaitable<void> CloudRenders::wait_for_place() {
  bool stopped = co_await is_cancelled();
  while (!limit_.may_start() && !stopped) {
    boost::system::error_code woken;
    co_await place_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    stopped = co_await is_cancelled();
  }
}

asio::awaitable<void> CloudRenders::pause(std::chrono::milliseconds time) {
  asio::steady_timer timer(loop_, time);
  boost::system::error_code woken;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<Result<ChunkResult>> CloudRenders::fetch(const ChunkJob& job, protocol::Done done) {
  const std::string key = result_key(options_.prefix, job);
  std::string sha256 = done.file->sha256;
  auto fetched = co_await store_.get_file(key, job.output, std::move(sha256));
  if (!fetched) co_return fetched.error().error;
  auto removed = co_await store_.remove(key);
  if (!removed) co_return removed.error().error;
  done.result.file = job.output;
  done.result.worker = options_.function;
  co_return std::move(done.result);
}

void CloudRenders::tell_functions(Render& render, const std::string& id) {
  if (std::exchange(render.ending, true)) return;
  place_.cancel();
  if (render.chunks == 0) return;
  render.marking = true;
  chores_.spawn(put_marker(id));
}

asio::awaitable<void> CloudRenders::put_marker(std::string id) {
  co_await asio::this_coro::throw_if_cancelled(false);
  // If it cannot be put, the functions run to their end, unheard.
  std::string key = cancel_key(options_.prefix, id);
  aws::S3PutOptions plain;
  static_cast<void>(co_await store_.put(std::move(key), "cancelled", std::move(plain)));
  renders_.at(id).marking = false;
}

asio::awaitable<void> CloudRenders::remove_objects(std::string id) {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (renders_.at(id).marking) co_await pause(std::chrono::milliseconds(20));
  auto objects = co_await store_.list(render_prefix(options_.prefix, id));
  std::vector<std::string> keys;
  if (objects) {
    for (aws::S3Object& object : *objects) keys.push_back(std::move(object.key));
  }
  if (!keys.empty()) static_cast<void>(co_await store_.remove_all(std::move(keys)));
  const auto render = renders_.find(id);
  if (render != renders_.end() && render->second.chunks == 0) renders_.erase(render);
}

}  // namespace orchestrator
