#include "capture/programs.hpp"

namespace orchestrator {

namespace {

Result<std::string> find(const ProgramSearch& search) { return program_path(search, Errc::browser_unavailable, Stage::start); }

}  // namespace

Result<std::string> find_chromium() { return find(chromium_search); }
Result<std::string> find_headless_shell() { return find(headless_shell_search); }
Result<std::string> find_xvfb() { return find(xvfb_search); }

}  // namespace orchestrator
