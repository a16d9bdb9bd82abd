#pragma once

#include <string>

namespace CLI {
class App;
}

namespace orchestrator::tool {

/// How a command that renders or joins shows what it does.
struct DisplayArguments {
  std::string progress{"auto"};  ///< read by progress_style()
  bool json{false};
  bool verbose{false};

  /// Declares the options. `this` must outlive the parsing.
  void declare(CLI::App& command);
};

/// How a command that looks at a page, and renders no film of it, says what it found.
struct LookArguments {
  bool json{false};
  bool verbose{false};

  /// Declares the options, and --timeout, which fills `timeout_s`. Both must outlive the parsing.
  void declare(CLI::App& command, double& timeout_s);
};

}  // namespace orchestrator::tool
