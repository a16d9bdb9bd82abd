#pragma once

#include <orchestrator/render_executor.hpp>

#include <memory>
#include <stop_token>
#include <string>
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

  void declare(CLI::App& command);
  /// `workers`: of this machine, for the local executor; 0 is its default. Connects to hosts, until `stop`.
  /// Errors: Errc::invalid_options, Errc::cancelled.
  Result<std::unique_ptr<RenderExecutor>> make(int workers, const std::stop_token& stop) const;
};

}  // namespace orchestrator::tool
