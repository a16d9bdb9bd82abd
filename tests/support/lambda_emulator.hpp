#pragma once

#include "support/lambda_invocation.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace orchestrator::test {

/// Limits of the service. The figures are AWS's ("Lambda quotas" and "Response streaming"); tests make them smaller.
struct LambdaLimits {
  std::size_t request_bytes{6U << 20};
  std::size_t buffered_response_bytes{6U << 20};
  std::size_t stream_bytes{200U << 20};
  std::size_t burst_bytes{6U << 20};  ///< of a stream, before its rate is limited
  std::size_t bytes_per_second{2U << 20};
  std::chrono::milliseconds timeout{30'000};
  std::chrono::milliseconds init{10'000};
  int concurrency{1000};
};

struct LambdaFunction {
  std::string name{"render"};
  std::vector<std::string> command{};  ///< the bootstrap: one process an execution environment
  /// In place of a command: what every invocation answers, in pieces, after `builtin_delay`.
  std::function<std::vector<std::string>(const std::string& event)> builtin{};
  std::chrono::milliseconds builtin_delay{0};
  std::vector<std::pair<std::string, std::string>> environment{};  ///< the function's variables
  int memory_mb{2048};
  bool streams{true};              ///< false: InvokeWithResponseStream is refused (ModeNotSupportedException)
  bool reset_after_timeout{true};  ///< false: the process runs on after a timeout, as Lambda does since 2026
};

/// The one account that exists.
struct LambdaAccount {
  std::string region{"us-east-1"};
  std::string access_key_id{"AKIDEMULATOR"};
  std::string secret_access_key{"emulator-secret"};
  std::string session_token{};
  bool verify_signatures{true};
  std::chrono::seconds clock_offset{0};  ///< the service's clock minus this machine's
};

struct LambdaCounts {
  int requests{0};
  int throttled{0};
  int cold_starts{0};
  int warm_starts{0};
  int running{0};
  int most_running{0};
  int failed{0};  ///< invocations that ended with a function error
};

/// AWS Lambda on 127.0.0.1: one function, its callers' API (Invoke, InvokeWithResponseStream) and, for each execution
/// environment, the Runtime API. Environments are processes that start when needed, stay warm, and end with this object.
class LambdaEmulator {
 public:
  explicit LambdaEmulator(LambdaFunction function, LambdaLimits limits = {}, LambdaAccount account = {});
  ~LambdaEmulator();
  LambdaEmulator(const LambdaEmulator&) = delete;
  LambdaEmulator& operator=(const LambdaEmulator&) = delete;

  /// "http://127.0.0.1:PORT"
  const std::string& endpoint() const { return endpoint_; }
  /// Makes the next `count` invocations suffer `fault`. Faults that were injected before come first.
  void inject(LambdaFault fault, int count = 1);
  LambdaCounts counts() const;
  /// The environments' processes that are still there.
  std::vector<pid_t> environments() const;
  /// Where the Runtime API of each environment listens, in the order of their start: "127.0.0.1:PORT".
  std::vector<std::string> runtime_apis() const;
  /// What all environments wrote to stdout and stderr: their CloudWatch log.
  std::string logs() const;
  /// Each environment's /tmp, in the order of their start.
  std::vector<std::filesystem::path> temporary_folders() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::string endpoint_;
  std::thread thread_;
};

}  // namespace orchestrator::test
