#include <orchestrator/worker/worker_program.hpp>

#include "base/machine_fault.hpp"
#include "process/machine_size.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <cstdlib>
#include <filesystem>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

#ifndef ORCHESTRATOR_INSTALLED_WORKER
#error "the build defines where the installed command line will be"
#endif

std::string beside_this_program() {
  std::error_code failed;
  const fs::path self = fs::read_symlink("/proc/self/exe", failed);
  return failed ? std::string() : find_program((self.parent_path() / "orchestrator").string());
}

}  // namespace

Result<std::string> v0::find_worker_program() {
  if (const char* named = std::getenv("ORCHESTRATOR_WORKER"); named != nullptr && *named != '\0') {
    return std::string(named);
  }
  for (const std::string& candidate :
       {beside_this_program(), find_program(ORCHESTRATOR_INSTALLED_WORKER), find_program("orchestrator")}) {
    if (!candidate.empty()) return candidate;
  }
  // The folder of this program is known from /proc.
  if (const auto fault = proc_fault()) {
    return Error{.code = Errc::executor_unavailable,
                 .detail = "the program `orchestrator` was not found: " + fault->text(),
                 .stage = Stage::start};
  }
  return Error{.code = Errc::executor_unavailable,
               .detail =
                   "the program `orchestrator`, whose `worker` command renders, was found neither beside this program nor on "
                   "PATH: install it, or name it in ORCHESTRATOR_WORKER or in the executor's options",
               .stage = Stage::start};
}

int v0::workers_of_this_machine() { return default_workers(machine_size()); }

}  // namespace orchestrator
