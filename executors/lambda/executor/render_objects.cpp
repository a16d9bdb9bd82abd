#include "lambda/executor/render_objects.hpp"

#include "lambda/executor/composition_upload.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/composition.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

// Lambda takes 6 MB (6,291,456 bytes) in a synchronous invocation; the rest is for what wraps it.
constexpr std::size_t largest_event_bytes = std::size_t{5} << 20;

Result<void> result_of(const aws::AwsResult<void>& done) { return done ? Result<void>{} : Result<void>(done.error().error); }

}  // namespace

RenderObjects::RenderObjects(const asio::any_io_executor& loop, aws::S3Client& store, lambda::InvocationEvent pattern,
                             std::string prefix, std::string render)
    : store_(store),
      pattern_(std::move(pattern)),
      prefix_(std::move(prefix)),
      render_(std::move(render)),
      uploaded_(loop, asio::steady_timer::time_point::max()) {
  pattern_.cancel = cancel_key(prefix_, render_);
}

/// A failed upload fails for all who waited for it, and later callers try again. If the upload was only cancelled, one of those
/// who waited tries again.
asio::awaitable<Result<std::string>> RenderObjects::manifest_of(std::string composition, ChunkContext& context) {
  bool stopped = co_await is_cancelled();
  const bool waited = uploading_;
  while (uploading_ && !stopped) {
    boost::system::error_code woken;
    co_await uploaded_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    stopped = co_await is_cancelled();
  }
  if (stopped) co_return cancelled_error(Stage::start);
  const bool was_cancelled = manifest_ && !*manifest_ && manifest_->error().code == Errc::cancelled;
  if (manifest_ && !was_cancelled && (waited || *manifest_)) co_return *manifest_;
  uploading_ = true;
  manifest_ = co_await upload_composition(store_, prefix_, std::move(composition), context);
  uploading_ = false;
  uploaded_.cancel();
  co_return *manifest_;
}

asio::awaitable<Result<std::string>> RenderObjects::event_for(ChunkJob job, ChunkKeys keys, ChunkContext& context) {
  lambda::InvocationEvent event = pattern_;
  if (!is_web_url(job.composition)) {
    auto manifest = co_await manifest_of(job.composition, context);
    if (!manifest) co_return manifest.error();
    event.manifest = std::move(*manifest);
  }
  began_ = true;
  event.result = std::move(keys.result);
  event.job = std::move(job);
  std::string text = lambda::to_json(event);
  if (text.size() <= largest_event_bytes) co_return text;
  event.job_at = std::move(keys.event);
  aws::S3PutOptions json;
  json.content_type = "application/json";
  auto stored = co_await store_.put(event.job_at, std::move(text), std::move(json));
  if (!stored) co_return stored.error().error;
  co_return lambda::to_json(event);
}

asio::awaitable<Result<ChunkResult>> RenderObjects::fetch(std::string result_key, std::filesystem::path output,
                                                          protocol::Done done) {
  std::string sha256 = done.file->sha256;
  auto fetched = co_await store_.get_file(std::move(result_key), output, std::move(sha256));
  if (!fetched) co_return fetched.error().error;
  done.result.file = std::move(output);
  co_return std::move(done.result);
}

asio::awaitable<Result<void>> RenderObjects::remove(ChunkKeys chunk) {
  std::vector<std::string> keys{std::move(chunk.result), std::move(chunk.event)};
  const auto removed = co_await store_.remove_all(std::move(keys));
  co_return result_of(removed);
}

asio::awaitable<Result<void>> RenderObjects::put_marker() {
  aws::S3PutOptions plain;
  const auto stored = co_await store_.put(pattern_.cancel, "cancelled", std::move(plain));
  co_return stored ? Result<void>{} : Result<void>(stored.error().error);
}

asio::awaitable<Result<void>> RenderObjects::remove_all(bool keep_marker) {
  const auto objects = co_await store_.list(render_prefix(prefix_, render_));
  if (!objects) co_return objects.error().error;
  std::vector<std::string> keys;
  for (const aws::S3Object& object : *objects) {
    if (!keep_marker || object.key != pattern_.cancel) keys.push_back(object.key);
  }
  const auto removed = co_await store_.remove_all(std::move(keys));
  co_return result_of(removed);
}

}  // namespace orchestrator
