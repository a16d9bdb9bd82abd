#pragma once

#include <orchestrator/render_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace orchestrator::tool {

/// Where chunks are rendered: --executor and what belongs to it.
struct ExecutorArguments {
  std::string executor{};
  std::string hosts_file{};
  std::vector<std::string> hosts{};
  bool bootstrap{false};
  std::string lambda_function{};
  std::string lambda_bucket{};
  std::string lambda_region{};
  std::string lambda_prefix{"orchestrator/"};
  int lambda_concurrency{100};
  std::string lambda_endpoint{};
  std::string s3_endpoint{};
  bool s3_path_style{false};

  void declare(CLI::App& command);
  /// `workers`: of this machine, for the local executor; 0 is its default. Connects to hosts, until `stop`, no longer than
  /// `limit` a step (0: as usual), and `tell`s how each was found. Errors: Errc::invalid_options, Errc::cancelled.
  Result<std::unique_ptr<RenderExecutor>> make(int workers, std::chrono::milliseconds limit, const std::stop_token& stop,
                                               const std::function<void(LogLevel, std::string_view)>& tell) const;

 private:
  void declare_lambda(CLI::App& command);
};

}  // namespace orchestrator::tool
