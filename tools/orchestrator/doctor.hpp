#pragma once

#include <functional>
#include <string>
#include <vector>

namespace orchestrator::tool {

/// One thing a worker on this machine needs or can use.
struct Check {
  std::string name{};
  bool ok{false};
  bool required{false};  ///< nothing renders without it
  bool renders{false};   ///< a way to render, which was tried
  std::string detail{};  ///< what was found, or what is wrong
  std::string remedy{};  ///< what to do about it, a command where possible
};

/// Looks at this machine, and if nothing required is missing, renders a few frames in each way (try_rendering()).
std::vector<Check> examine_machine(const std::function<void(const std::string& what)>& trying);
/// True if a render can work here: everything required is there, and one way to render has worked.
bool can_render(const std::vector<Check>& checks);

std::string doctor_text(const std::vector<Check>& checks);
std::string doctor_json(const std::vector<Check>& checks);

}  // namespace orchestrator::tool
