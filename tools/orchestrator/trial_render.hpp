#pragma once

#include "orchestrator/doctor.hpp"

#include <functional>
#include <string>
#include <vector>

namespace orchestrator::tool {

/// Renders three frames in each capture mode with each encoder, as `render` does, and looks at the pictures in the film: one
/// check for each, with the error that `render` would report. Takes a few seconds; `trying` is called before each with its name.
std::vector<Check> try_rendering(const std::function<void(const std::string& what)>& trying);

}  // namespace orchestrator::tool
