#pragma once

#include <string>
#include <vector>

namespace orchestrator::tool {

/// One thing a worker on this machine needs or can use.
struct Check {
  std::string name{};
  bool ok{false};
  bool required{false};  ///< nothing renders without it
  std::string detail{};  ///< what was found, or what is wrong
  std::string remedy{};  ///< what to do about it, a command where possible
};

/// Looks at this machine; runs programs only with --version and the like.
std::vector<Check> examine_machine();
/// True if a render can work here: everything required is there, and one way to capture.
bool can_render(const std::vector<Check>& checks);

std::string doctor_text(const std::vector<Check>& checks);
std::string doctor_json(const std::vector<Check>& checks);

}  // namespace orchestrator::tool
