#pragma once

#include <orchestrator/executors/lambda_executor.hpp>
#include <orchestrator/executors/slurm_executor.hpp>
#include <orchestrator/render_executor.hpp>
#include <orchestrator/render_options.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace orchestrator::tool {

/// Where chunks are rendered: --executor and what belongs to it.
struct ExecutorArguments {
  using Tell = std::function<void(LogLevel, std::string_view)>;

  std::string executor{};
  std::string hosts_file{};
  std::vector<std::string> hosts{};
  bool bootstrap{false};
  LambdaExecutorOptions lambda{};
  SlurmExecutorOptions slurm{};

  /// What there is to do for the executor.
  struct Work {
    int workers{0};  ///< of the local one; 0: its default
    int at_once{0};  ///< chunks that are rendered at the same time at most; 0: not known
  };

  void declare(CLI::App& command);
  /// Makes the executor. For ssh, it connects to the hosts, until `stop` and no longer than `limit` a step (0: as usual), and
  /// `tell`s how that went. Errors: Errc::invalid_options, Errc::cancelled.
  Result<std::unique_ptr<RenderExecutor>> make(Work work, std::chrono::milliseconds limit, const std::stop_token& stop,
                                               const Tell& tell) const;
  /// How many chunks of a film with these options Slurm's workers render at the same time, at most. 0 if that cannot be said.
  int most_at_once(const RenderOptions& options) const;

 private:
  /// An option that only one executor understands.
  struct OwnOption {
    const char* executor{nullptr};
    const CLI::Option* option{nullptr};
  };
  void declare_ssh(CLI::App& command);
  void declare_lambda(CLI::App& command);
  void declare_slurm(CLI::App& command);
  Result<std::string> chosen() const;

  std::vector<OwnOption> own_options_{};
};

/// The command for local workers: this very program, whatever it is called. Empty if $ORCHESTRATOR_WORKER names another one.
std::vector<std::string> worker_command();

/// Limits --workers to what the executor runs at once. More of them would wait there, and be reported as if they worked.
void keep_to_slots(RenderOptions& options, const RenderExecutor& executor);

}  // namespace orchestrator::tool
