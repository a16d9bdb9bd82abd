#pragma once

#include "aws/credential_source.hpp"
#include "aws/http_client.hpp"
#include "aws/lambda_client.hpp"
#include "aws/s3_client.hpp"
#include "concurrency_limit.hpp"
#include "invocation.hpp"
#include "lambda/invocation_event.hpp"
#include "schedule/task_group.hpp"

#include <orchestrator/executors/lambda_executor.hpp>

#include <map>
#include <random>

namespace orchestrator {

/// Chunks in Lambda functions: uploads, invocations within a limit that follows the service's, results, removal. One strand.
class CloudRenders {
 public:
  CloudRenders(const boost::asio::any_io_executor& loop, LambdaExecutorOptions options);

  int most_at_a_time() const noexcept { return options_.max_concurrency; }
  /// Checks the options and gets credentials.
  boost::asio::awaitable<Result<void>> prepare();
  /// Cancellation: terminal; returns when the function has seen that, or cannot be waited for any longer.
  boost::asio::awaitable<Result<ChunkResult>> render(ChunkJob job, ChunkContext& context);
  /// Waits for removals under way.
  boost::asio::awaitable<void> end();

 private:
  /// What the chunks of one render share.
  struct Render {
    explicit Render(const boost::asio::any_io_executor& loop) : uploaded(loop, boost::asio::steady_timer::time_point::max()) {}
    int chunks{0};  ///< under way
    bool uploading{false};
    std::optional<Result<std::string>> manifest{};  ///< key; "" for a composition that is a URL
    boost::asio::steady_timer uploaded;             ///< cancelled when `uploading` ends
    bool ending{false};                             ///< it has failed or was cancelled: no new invocations
    bool marking{false};                            ///< the cancel marker is on its way
  };
  using Attempt = aws::AwsResult<protocol::Done>;

  boost::asio::awaitable<Result<std::string>> manifest_of(Render& render, const std::string& composition);
  boost::asio::awaitable<Result<std::string>> event_for(const ChunkJob& job, const std::string& manifest);
  boost::asio::awaitable<Result<ChunkResult>> run_chunk(Render& render, const ChunkJob& job, ChunkContext& context);
  boost::asio::awaitable<Attempt> invoke(Render& render, const ChunkJob& job, const std::string& event, ChunkContext& context);
  boost::asio::awaitable<Result<ChunkResult>> fetch(const ChunkJob& job, protocol::Done done);
  boost::asio::awaitable<void> wait_for_place();
  boost::asio::awaitable<void> pause(std::chrono::milliseconds time);
  void account(const Attempt& attempt);

  void tell_functions(Render& render, const std::string& id);
  boost::asio::awaitable<void> put_marker(std::string id);
  boost::asio::awaitable<void> remove_objects(std::string id);

  boost::asio::any_io_executor loop_;
  LambdaExecutorOptions options_;
  aws::HttpClient http_;
  aws::CredentialSource credentials_;
  aws::RetryBudget budget_{};
  aws::S3Client store_;
  aws::LambdaClient function_;
  Invocation::Mode mode_{Invocation::Mode::streaming};
  ConcurrencyLimit limit_;
  boost::asio::steady_timer place_;  ///< cancelled when an invocation may start
  std::map<std::string, Render> renders_{};
  std::mt19937 random_{std::random_device{}()};
  TaskGroup chores_;
};

}  // namespace orchestrator
