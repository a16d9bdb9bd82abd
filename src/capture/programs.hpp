#pragma once

#include <orchestrator/error.hpp>

#include <string>

namespace orchestrator {

/// The programs capture needs: from the environment variable, else from where Debian and others put them.
/// Errors: Errc::browser_unavailable with how to install what is missing.
Result<std::string> find_chromium();        ///< ORCHESTRATOR_CHROMIUM
Result<std::string> find_headless_shell();  ///< ORCHESTRATOR_HEADLESS_SHELL
Result<std::string> find_xvfb();            ///< ORCHESTRATOR_XVFB

}  // namespace orchestrator
