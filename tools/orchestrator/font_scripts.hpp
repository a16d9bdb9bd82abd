#pragma once

#include "orchestrator/doctor.hpp"

#include <string_view>

namespace orchestrator::tool {

/// Which scripts this machine's fonts can write, and which Debian packages bring the others. Pure.
/// `charsets`: what `fc-list -f '%{charset}\n'` prints, a line a font: "20-7e a0-17f 1f600".
Check check_fonts(std::string_view charsets);

}  // namespace orchestrator::tool
