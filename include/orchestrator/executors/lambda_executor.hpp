#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

struct LambdaExecutorOptions {
  std::string function{};               ///< name, "name:qualifier" or ARN of a function whose bootstrap is `orchestrator-lambda`
  std::string qualifier{};              ///< version or alias
  std::string bucket{};                 ///< S3 bucket through which compositions and chunks pass
  std::string prefix{"orchestrator/"};  ///< of every object's key
  std::string region{};                 ///< empty: the first of the ARN's, AWS_REGION, AWS_DEFAULT_REGION, the profile's
  int max_concurrency{100};             ///< most invocations at the same time; fewer while AWS throttles

  /// Credentials. If the keys are empty, the first that is found: the environment, a web identity, a profile of the shared
  /// files, a container's role, an instance's role. The AWS CLI fetches those of web identities, roles and SSO.
  std::string access_key_id{};
  std::string secret_access_key{};
  std::string session_token{};
  std::string profile{};

  std::string lambda_endpoint{};  ///< empty: AWS's
  std::string s3_endpoint{};      ///< empty: AWS's; another one is sent with each job, so the function must reach it, too
  bool s3_path_style{false};      ///< requests go to http://host/bucket/key, as most other stores want

  int attempts{4};  ///< tries of an invocation whose failure may be temporary; throttling is waited out and does not count
  std::chrono::milliseconds chunk_timeout{900'000};  ///< after this a function gives up its chunk; Lambda allows at most 900 s
  /// Silence after which a function is taken for dead: once it runs, it sends a line every 2 s. At least 5 s, or 0: never.
  /// Functions that are not set to stream answer only at their end, so this does not apply to them.
  std::chrono::milliseconds silence_timeout{60'000};
  /// Takes log lines that concern no chunk, such as objects that could not be removed after a chunk's end. Called from the
  /// executor's thread; what it throws is dropped.
  std::function<void(LogLevel, std::string_view)> on_log{};
  int memory_mb{2048};  ///< the function's memory size, for LambdaUsage only
};

/// Totals of the invocations so far that the service accepted, each measured by this process from request to end.
struct LambdaUsage {
  std::int64_t invocations{0};
  std::chrono::milliseconds busy{0};  ///< the sum over all invocations
  double gb_seconds{0};               ///< `busy` times `memory_mb`, which Lambda bills
};

/// Renders each chunk in an invocation of an AWS Lambda function (docs/lambda-function.md); results come through S3.
///
/// A local composition is uploaded once, by content. Throttling lowers the number of invocations; it is no failure. A cancelled
/// chunk leaves a marker for its function, waits until that has seen it, and removes its objects; other attempts go on.
/// Thread safety: any number of renders at a time. Owns one thread. Blocking: the destructor waits for these removals.
class LambdaExecutor final : public RenderExecutor {
 public:
  explicit LambdaExecutor(LambdaExecutorOptions options);
  ~LambdaExecutor() override;
  /// Gets credentials. Errors: Errc::invalid_options, naming what is missing; executor_unavailable if their source does not
  /// answer.
  Awaitable<Result<void>> prepare() override;
  ExecutorCapabilities capabilities() const override;
  Awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override;
  Awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context) override;
  /// Totals of all renders so far.
  LambdaUsage usage() const;

 private:
  struct AwsLoop;
  std::unique_ptr<AwsLoop> loop_;
};

}  // namespace v0
}  // namespace orchestrator
