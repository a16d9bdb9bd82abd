#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace orchestrator {

/// The three ways a browser is run here, one for each capture backend.
enum class BrowserKind {
  on_display,      ///< `chromium` with a window on the private X server
  by_begin_frame,  ///< `chromium-headless-shell` that draws only when told to (HeadlessExperimental.beginFrame)
  headless,        ///< headless shell, or `chromium --headless=new`
};

/// Everything a browser's command line depends on.
struct BrowserCommand {
  BrowserKind kind{BrowserKind::headless};
  std::string program{};
  bool full_browser{false};  ///< `program` is chromium, not the headless shell
  std::filesystem::path profile{};
  int width{0};
  int height{0};
  std::string host_resolver_rules{};
  std::string locale{"en-US"};
  bool limit_rate{false};  ///< a window makes at most 60 frames a second, not as many as it can
  bool sandbox{true};
  bool small_shared_memory{false};  ///< /dev/shm is too small for pictures (Docker gives 64 MiB)
};

std::vector<std::string> browser_arguments(const BrowserCommand& command);

}  // namespace orchestrator
