#pragma once

#include "lambda/aws/credential_source.hpp"
#include "lambda/aws/http_client.hpp"
#include "lambda/aws/lambda_client.hpp"
#include "lambda/aws/s3_client.hpp"
#include "lambda/executor/invocation.hpp"
#include "lambda/executor/invocation_places.hpp"
#include "lambda/executor/render_objects.hpp"

#include <orchestrator/executors/lambda_executor.hpp>
#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <map>
#include <random>
#include <set>

namespace orchestrator {

/// Renders chunks in Lambda functions: starts as many invocations as the service takes, retries them, and ends those of a
/// cancelled render. Everything on one strand.
class LambdaRenders {
 public:
  LambdaRenders(const boost::asio::any_io_executor& loop, LambdaExecutorOptions options);

  int most_at_a_time() const noexcept { return options_.max_concurrency; }
  /// May be called on any thread.
  LambdaUsage usage() const noexcept;
  /// Checks the options and gets credentials.
  boost::asio::awaitable<Result<void>> prepare();
  /// Cancellation: terminal; returns when the function has seen the cancel marker and ended, or after a time limit.
  boost::asio::awaitable<Result<ChunkResult>> render(ChunkJob job, ChunkContext& context);
  /// Stops renders whose functions may still run, and waits for removals under way, up to a time limit.
  boost::asio::awaitable<void> end();

 private:
  /// What the chunks of one render share.
  struct Render {
    RenderObjects objects;
    aws::RetryBudget budget;
    boost::asio::steady_timer idle;  ///< cancelled when the last of `chunks` has ended
    int chunks{0};                   ///< chunks under way
    std::set<int> removing{};        ///< chunks whose objects are being removed
    std::chrono::steady_clock::time_point idle_since{};
    int unheard{0};         ///< invocations that may run on although their connection is lost
    bool unstarted{false};  ///< one of the `unheard` had not begun to answer
    bool stopped{false};    ///< no new invocations start; the render's objects are being removed
  };
  using SharedRender = std::shared_ptr<Render>;
  using Attempt = aws::AwsResult<protocol::Done>;

  SharedRender enter(const std::string& id);
  boost::asio::awaitable<Result<ChunkResult>> run_chunk(SharedRender render, ChunkJob job, ChunkKeys keys, ChunkContext& context);
  boost::asio::awaitable<Attempt> invoke_until_done(SharedRender render, std::string event, ChunkContext& context);
  boost::asio::awaitable<Attempt> invoke(SharedRender render, std::string event, ChunkContext& context);
  void account(Render& render, const Invocation& invocation, const Attempt& attempt, std::chrono::steady_clock::duration time);
  std::chrono::milliseconds wait_out(const aws::AwsFailure& failure, std::chrono::steady_clock::time_point started,
                                     ChunkContext& context);
  double random() { return std::uniform_real_distribution<double>(0.0, 1.0)(random_); }

  void stop(const SharedRender& render);
  boost::asio::awaitable<void> clear_up(SharedRender render);
  boost::asio::awaitable<void> remove_chunk(SharedRender render, int chunk, ChunkKeys keys);
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
