#pragma once

#include "lambda/aws/lambda_client.hpp"
#include "lambda/executor/answer_lines.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>

namespace orchestrator {

/// One invocation under way. It goes on when the chunk that waits for it is cancelled: a function cannot be recalled, so its
/// answer is read until it has seen the cancel marker.
class Invocation : public std::enable_shared_from_this<Invocation> {
 public:
  enum class Mode { streaming, buffered };

  Invocation(const boost::asio::any_io_executor& loop, aws::LambdaClient& client, ChunkContext& context)
      : client_(client), answer_(context), ended_(loop, boost::asio::steady_timer::time_point::max()) {}

  /// `on_accepted` is called when the function's first bytes arrive; never for a buffered answer.
  void start(Mode mode, aws::LambdaInvocation invocation, std::function<void()> on_accepted);
  /// Waits for the invocation's end, at most until `limit`. True if it has ended. Cancellation: ends the wait, not the
  /// invocation.
  boost::asio::awaitable<bool> wait(std::chrono::steady_clock::time_point limit = std::chrono::steady_clock::time_point::max());
  /// Closes the connection; the function runs on unheard.
  void give_up() { cancel_.emit(boost::asio::cancellation_type::terminal); }

  /// What the service said, and what the function answered; valid once the invocation has ended.
  const aws::AwsResult<void>& service() const noexcept { return *service_; }
  bool was_accepted() const noexcept { return accepted_; }
  Result<lambda::FunctionAnswer> answer() const { return answer_.outcome(); }

 private:
  boost::asio::awaitable<void> run(Mode mode, aws::LambdaInvocation invocation);
  void take(std::string_view bytes);

  aws::LambdaClient& client_;
  AnswerLines answer_;
  std::function<void()> on_accepted_{};
  bool accepted_{false};
  boost::asio::steady_timer ended_;  ///< cancelled when the invocation has ended
  boost::asio::cancellation_signal cancel_{};
  std::optional<aws::AwsResult<void>> service_{};
};

}  // namespace orchestrator
