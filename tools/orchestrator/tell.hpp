#pragma once

#include "orchestrator/progress_display.hpp"
#include "orchestrator/summary.hpp"

#include <orchestrator/render_orchestrator.hpp>

#include <functional>
#include <string_view>
#include <vector>

namespace orchestrator::tool {

using Tell = std::function<void(LogLevel, std::string_view)>;

/// Prints warnings, and everything else if `verbose`. A warning is printed once: every worker gives the same one about the same
/// machine or page. May be called on any thread.
Tell log_to(ProgressDisplay& display, bool verbose);

/// Shows a render of `chunks`, which lie in order of their ids and are there when the first of them starts, and keeps the ledger
/// of them. All arguments must outlive it.
RenderEvents events_for(ProgressDisplay& display, const Tell& tell, const std::vector<RenderChunk>& chunks, Ledger& ledger);

}  // namespace orchestrator::tool
