#include "lambda/executor/attempt_objects.hpp"

namespace orchestrator {

namespace asio = boost::asio;

namespace {

// Lambda takes 6 MB (6,291,456 bytes) in a synchronous invocation; the rest is for what wraps it.
constexpr std::size_t largest_event_bytes = std::size_t{5} << 20;

}  // namespace

asio::awaitable<Result<std::string>> AttemptObjects::text_of(lambda::InvocationEvent event) {
  event.cancel = keys_.cancel;
  if (!event.describes) {
    event.result = keys_.result;
    there_ = {keys_.result};
  }
  std::string text = lambda::to_json(event);
  if (text.size() <= largest_event_bytes) co_return text;
  event.job_at = keys_.event;
  there_.push_back(keys_.event);
  aws::S3PutOptions json;
  json.content_type = "application/json";
  auto stored = co_await store_.put(keys_.event, std::move(text), std::move(json));
  if (!stored) co_return stored.error().error;
  co_return lambda::to_json(event);
}

asio::awaitable<Result<ChunkResult>> AttemptObjects::fetch(std::filesystem::path output, protocol::Done done) {
  std::string sha256 = done.file->sha256;
  auto fetched = co_await store_.get_file(keys_.result, output, std::move(sha256));
  if (!fetched) co_return fetched.error().error;
  done.result.file = std::move(output);
  co_return std::move(done.result);
}

asio::awaitable<Result<void>> AttemptObjects::put_marker() {
  marked_ = true;
  aws::S3PutOptions plain;
  const auto stored = co_await store_.put(keys_.cancel, "cancelled", std::move(plain));
  co_return stored ? Result<void>{} : Result<void>(stored.error().error);
}

asio::awaitable<Result<void>> AttemptObjects::remove(bool keep_marker) {
  std::vector<std::string> keys = there_;
  if (marked_ && !keep_marker) keys.push_back(keys_.cancel);
  const auto removed = co_await store_.remove_all(std::move(keys));
  co_return removed ? Result<void>{} : Result<void>(removed.error().error);
}

}  // namespace orchestrator
