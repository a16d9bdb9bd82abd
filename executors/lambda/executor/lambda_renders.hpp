#pragma once

#include "lambda/aws/credential_source.hpp"
#include "lambda/aws/http_client.hpp"
#include "lambda/aws/lambda_client.hpp"
#include "lambda/aws/s3_client.hpp"
#include "lambda/executor/attempt_objects.hpp"
#include "lambda/executor/invocation.hpp"
#include "lambda/executor/invocation_places.hpp"
#include "lambda/executor/render_compositions.hpp"

#include <orchestrator/executors/lambda_executor.hpp>
#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <random>

namespace orchestrator {

/// Renders chunks in Lambda functions: starts as many invocations as the service takes, retries them, and ends those of an
/// attempt that has ended. Everything on one strand.
class LambdaRenders {
 public:
  LambdaRenders(const boost::asio::any_io_executor& loop, LambdaExecutorOptions options);

  int most_at_a_time() const noexcept { return options_.max_concurrency; }
  /// May be called on any thread.
  LambdaUsage usage() const noexcept;
  /// Checks the options and gets credentials.
  boost::asio::awaitable<Result<void>> prepare();
  /// One attempt at a chunk; others, also at the same chunk, may run beside it. Cancellation: terminal; returns when the function
  /// has seen the attempt's cancel marker and ended, or after a time limit.
  boost::asio::awaitable<Result<ChunkResult>> render(ChunkJob job, ChunkContext& context);
  /// The same for looking at a composition.
  boost::asio::awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context);
  /// Waits until what attempts left in the bucket is removed, up to a time limit.
  boost::asio::awaitable<void> end();

 private:
  /// What the chunks of one render share.
  struct Render {
    RenderCompositions compositions;
    aws::RetryBudget budget;
    int chunks{0};  ///< chunks under way
    std::chrono::steady_clock::time_point idle_since{};
    int stopping{0};  ///< cancelled attempts whose function has not ended
    bool told_stopping{false};
  };
  /// One call of render().
  struct Attempt {
    AttemptObjects objects;
    boost::asio::steady_timer ended;  ///< cancelled when it is not under way any more
    bool under_way{true};
    int unheard{0};         ///< invocations that may run on although their connection is lost
    bool unstarted{false};  ///< one of the `unheard` had not begun to answer
    bool finished{false};   ///< its functions are being ended and its objects removed
  };
  using SharedRender = std::shared_ptr<Render>;
  using SharedAttempt = std::shared_ptr<Attempt>;
  using Outcome = aws::AwsResult<lambda::FunctionAnswer>;  ///< of an invocation

  SharedRender enter(const std::string& id);
  SharedAttempt begin(const ChunkJob& job);
  /// What becomes of the function's answer while the attempt's objects are still there.
  template <class T>
  using Take = std::function<boost::asio::awaitable<Result<T>>(Attempt& attempt, lambda::FunctionAnswer answer)>;
  template <class T>
  boost::asio::awaitable<Result<T>> in_attempt(lambda::InvocationEvent event, const Take<T>& take, ChunkContext& context);
  boost::asio::awaitable<Result<lambda::FunctionAnswer>> run_attempt(SharedRender render, SharedAttempt attempt,
                                                                     lambda::InvocationEvent event, ChunkContext& context);
  boost::asio::awaitable<Outcome> invoke_until_done(SharedRender render, SharedAttempt attempt, std::string event,
                                                    ChunkContext& context);
  boost::asio::awaitable<Outcome> invoke(SharedRender render, SharedAttempt attempt, std::string event, ChunkContext& context);
  void account(Attempt& attempt, const Invocation& invocation, const Outcome& outcome, std::chrono::steady_clock::duration time);
  std::chrono::milliseconds wait_out(const aws::AwsFailure& failure, std::chrono::steady_clock::time_point started,
                                     ChunkContext& context);
  double random() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }

  void finish(const SharedRender& render, const SharedAttempt& attempt);
  boost::asio::awaitable<void> clear_up(SharedRender render, SharedAttempt attempt);
  boost::asio::awaitable<void> wait_for_functions(SharedRender render, SharedAttempt attempt);
  bool is_time_to_tell_throttling();
  void tell(const Result<void>& done);
  void tell(LogLevel level, const std::string& text) noexcept;

  boost::asio::any_io_executor loop_;
  LambdaExecutorOptions options_;
  aws::HttpClient http_;
  aws::CredentialSource credentials_;
  aws::RetryBudget store_budget_{};
  aws::S3Client store_;
  aws::LambdaClient function_;
  Invocation::Mode mode_{Invocation::Mode::streaming};
  InvocationPlaces places_;
  std::chrono::steady_clock::time_point told_throttling_{};
  std::atomic<std::int64_t> invocations_{0};
  std::atomic<std::int64_t> busy_ms_{0};
  std::map<std::string, SharedRender> renders_{};
  std::mt19937 random_{std::random_device{}()};
  TaskGroup chores_;
};

}  // namespace orchestrator
