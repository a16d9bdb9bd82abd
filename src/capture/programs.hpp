#pragma once

#include <orchestrator/worker/program_search.hpp>

namespace orchestrator {

// /usr/bin/chromium is a shell script on Debian that adds flags of the machine's administrator; the binary behind it starts
// faster, and with the same flags everywhere.
inline constexpr ProgramSearch chromium_search{"Chromium",
                                               "ORCHESTRATOR_CHROMIUM",
                                               "chromium",
                                               {"/usr/lib/chromium/chromium", "chromium", "chromium-browser", "google-chrome"}};
inline constexpr ProgramSearch headless_shell_search{
    "chromium-headless-shell",
    "ORCHESTRATOR_HEADLESS_SHELL",
    "chromium-headless-shell",
    {"/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell", "chrome-headless-shell"}};
inline constexpr ProgramSearch xvfb_search{"Xvfb", "ORCHESTRATOR_XVFB", "xvfb", {"Xvfb"}};

/// Full paths of the programs that capture needs. Errors: Errc::browser_unavailable with a remedy.
Result<std::string> find_chromium();
Result<std::string> find_headless_shell();
Result<std::string> find_xvfb();

}  // namespace orchestrator
