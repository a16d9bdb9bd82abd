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

}  // namespace orchestrator::tool
