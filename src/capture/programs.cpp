#include "capture/programs.hpp"

#include "process/child_process.hpp"

#include <cstdlib>
#include <initializer_list>

namespace orchestrator {

namespace {

struct ProgramSearch {
  const char* title;
  const char* variable;
  const char* package;
  std::initializer_list<const char*> names;  // paths, or names on PATH, best first
};

Result<std::string> find(const ProgramSearch& search) {
  Error missing{.code = Errc::browser_unavailable, .stage = Stage::start};
  const char* chosen = std::getenv(search.variable);
  if (chosen != nullptr && *chosen != '\0') {
    if (std::string path = find_program(chosen); !path.empty()) return path;
    missing.detail = std::string(search.variable) + "=" + chosen + " is not an executable file";
    return missing;
  }
  for (const char* name : search.names) {
    if (std::string path = find_program(name); !path.empty()) return path;
  }
  missing.detail = std::string(search.title) + " is not installed: apt-get install " + search.package;
  return missing;
}

}  // namespace

// /usr/bin/chromium is a shell script on Debian that adds flags of the machine's administrator; the binary behind it starts
// faster and the same everywhere.
Result<std::string> find_chromium() {
  return find({"Chromium",
               "ORCHESTRATOR_CHROMIUM",
               "chromium",
               {"/usr/lib/chromium/chromium", "chromium", "chromium-browser", "google-chrome"}});
}

Result<std::string> find_headless_shell() {
  return find({"chromium-headless-shell",
               "ORCHESTRATOR_HEADLESS_SHELL",
               "chromium-headless-shell",
               {"/usr/lib/chromium/chromium-headless-shell", "chromium-headless-shell", "chrome-headless-shell"}});
}

Result<std::string> find_xvfb() { return find({"Xvfb", "ORCHESTRATOR_XVFB", "xvfb", {"Xvfb"}}); }

}  // namespace orchestrator
