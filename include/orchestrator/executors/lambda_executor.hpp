#pragma once

#include <orchestrator/render_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace orchestrator {

struct LambdaExecutorOptions {
  std::string function{};               ///< name, "name:qualifier" or ARN of a function whose bootstrap is `orchestrator-lambda`
  std::string qualifier{};              ///< version or alias
  std::string bucket{};                 ///< compositions and chunks pass through it
  std::string prefix{"orchestrator/"};  ///< of every object's key
  std::string region{};                 ///< empty: the ARN's, AWS_REGION, AWS_DEFAULT_REGION, the profile's
  int max_concurrency{100};             ///< invocations at the same time; AWS's own limit is found out and kept to

  /// Empty: the environment, a profile of the shared files, a container's or an instance's role, the AWS CLI.
  std::string access_key_id{};
  std::string secret_access_key{};
  std::string session_token{};
  std::string profile{};

  std::string lambda_endpoint{};  ///< empty: AWS's
  std::string s3_endpoint{};      ///< empty: AWS's; others travel with each job, so the function has to reach them, too
  bool s3_path_style{false};      ///< http://host/bucket/key, as most other stores want it

  int attempts{4};  ///< of an invocation that fails in a way that may pass; throttling is waited out and does not count
  std::chrono::seconds chunk_timeout{900};   ///< a function gives a chunk up then; the most that Lambda allows
  std::chrono::seconds silence_timeout{60};  ///< a function says something every 2 s once it runs; then it is taken for dead
  /// What concerns no chunk: objects that could not be removed after a render's end, say. Called from another thread; must not
  /// throw.
  std::function<void(LogLevel, std::string_view)> on_log{};
  int memory_mb{2048};  ///< the function's memory size, for LambdaUsage only
};

/// What the invocations so far came to, as seen from here: of those that the service accepted, from request to end.
struct LambdaUsage {
  std::int64_t invocations{0};
  std::chrono::milliseconds busy{0};  ///< all together
  double gb_seconds{0};               ///< busy times `memory_mb`, which is what Lambda bills by
};

/// Renders each chunk in an invocation of an AWS Lambda function (docs/lambda-function.md); results come through S3.
///
/// A local composition is uploaded once, by content. Throttling lowers the number of invocations, it is no failure. A cancelled
/// render leaves a marker for its functions, waits until they have seen it, and removes its objects.
/// Thread safety: any number of renders at a time. Owns one thread. Blocking: the destructor waits for such removals.
class LambdaExecutor final : public RenderExecutor {
 public:
  explicit LambdaExecutor(LambdaExecutorOptions options);
  ~LambdaExecutor() override;
  /// Gets credentials. Errors: Errc::invalid_options, naming what is missing.
  boost::asio::awaitable<Result<void>> prepare() override;
  ExecutorCapabilities capabilities() const override;
  boost::asio::awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override;
  /// Of all renders so far.
  LambdaUsage usage() const;

 private:
  struct Cloud;
  std::unique_ptr<Cloud> cloud_;
};

}  // namespace orchestrator
