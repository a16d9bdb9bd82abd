#include "worker_command.hpp"

#include "process/child_process.hpp"

#include <cstdlib>
#include <filesystem>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

#ifndef ORCHESTRATOR_INSTALLED_WORKER
#error "the build defines where the installed command line will be"
#endif

Error unavailable(std::string detail) {
  return Error{.code = Errc::executor_unavailable, .detail = std::move(detail), .stage = Stage::start};
}

std::string beside_this_program() {
  std::error_code failed;
  const fs::path self = fs::read_symlink("/proc/self/exe", failed);
  return failed ? std::string() : find_program((self.parent_path() / "orchestrator").string());
}

}  // namespace

Result<std::vector<std::string>> find_worker_command(const std::vector<std::string>& chosen) {
  if (!chosen.empty()) return chosen;
  if (const char* named = std::getenv("ORCHESTRATOR_WORKER"); named != nullptr && *named != '\0') {
    return std::vector<std::string>{named, "worker"};
  }
  for (const std::string& candidate :
       {beside_this_program(), find_program(ORCHESTRATOR_INSTALLED_WORKER), find_program("orchestrator")}) {
    if (!candidate.empty()) return std::vector<std::string>{candidate, "worker"};
  }
  return unavailable(
      "the program `orchestrator`, whose `worker` command renders, was found neither beside this program nor on PATH: "
      "install it, or name it in ORCHESTRATOR_WORKER or LocalExecutorOptions::worker_command");
}

}  // namespace orchestrator
