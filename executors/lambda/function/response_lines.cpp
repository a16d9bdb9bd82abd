#include "lambda/function/response_lines.hpp"

namespace orchestrator::lambda {

namespace asio = boost::asio;

namespace {

// The most that a page's log may add to the answer: a page may log without end, but a buffered response of more than 6 MB fails,
// and with it the chunk.
constexpr std::size_t most_log_bytes = std::size_t{1} << 20;

}  // namespace

void ResponseLines::send(const protocol::Message& message) {
  const std::string line = protocol::to_json(message) + "\n";
  if (!std::holds_alternative<protocol::Log>(message)) return append(line);
  if (log_bytes_ > most_log_bytes) return;
  log_bytes_ += line.size();
  append(line);
  if (log_bytes_ <= most_log_bytes) return;
  const protocol::Log last{LogLevel::warning, "this chunk logs a lot; the rest is only in the function's log"};
  append(protocol::to_json(last) + "\n");
}

void ResponseLines::append(const std::string& line) {
  if (broken_) return;
  waiting_ += line;
  if (!writing_) writers_.spawn(write_waiting());
  writing_ = true;
}

asio::awaitable<void> ResponseLines::write_waiting() {
  while (!waiting_.empty() && !broken_) {
    const std::string block = std::exchange(waiting_, {});
    auto written = co_await stream_.write(block);
    if (written) continue;
    broken_ = written.error();
    on_broken_(*broken_);
  }
  writing_ = false;
}

asio::awaitable<Result<void>> ResponseLines::finish() {
  co_await writers_.wait();
  if (broken_) co_return *broken_;
  co_return co_await stream_.finish();
}

asio::awaitable<Result<void>> ResponseLines::fail(FunctionFailure failure) {
  co_await writers_.wait();
  if (broken_) co_return *broken_;
  co_return co_await stream_.fail(std::move(failure));
}

}  // namespace orchestrator::lambda
