#pragma once

#include <string>
#include <string_view>

namespace orchestrator::tool {

/// Text that a page or a program may have chosen, made fit for stderr: no control characters (they could drive a terminal),
/// and every line after the first marked, so that none can pass for a line of this program (`--progress json`). Pure.
std::string terminal_text(std::string_view text);

}  // namespace orchestrator::tool
