#pragma once

#include <orchestrator/error.hpp>

#include <string>

namespace orchestrator {

/// The HTML file or URL that workers are given: folders become their index.html, or the script of
/// a built project; paths become absolute.
/// Errors: Errc::composition_not_found, with what was probably meant.
Result<std::string> resolve_composition(const std::string& composition);

}  // namespace orchestrator
