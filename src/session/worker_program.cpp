#include <orchestrator/worker/worker_program.hpp>

#include "base/machine_fault.hpp"
#include "process/machine_size.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace orchestrator {

namespace fs = std::filesystem;

/// Of <orchestrator/headers_path.hpp>, in programs that were compiled with installed headers; null in others.
inline namespace v0 {
namespace detail {

[[gnu::weak]] extern const char headers_path[];

}  // namespace detail
}  // namespace v0

namespace {

#if !defined ORCHESTRATOR_HEADERS_TO_PROGRAMS || !defined ORCHESTRATOR_LIBRARY_TO_PROGRAMS
#error "the build says where the command line lies beside the library"
#endif

std::string beside_this_program() {
  std::error_code failed;
  const fs::path self = fs::read_symlink("/proc/self/exe", failed);
  return failed ? std::string() : (self.parent_path() / "orchestrator").string();
}

/// `way` leads from the folder of `file`, which is part of the installation, to its programs.
std::string installed_with(const fs::path& file, std::string_view way) {
  if (!file.is_absolute()) return {};
  return (file.parent_path() / way / "orchestrator").lexically_normal();
}

std::string installed_with_library() {
#ifdef ORCHESTRATOR_SHARED  // a file of its own
  Dl_info here{};
  if (dladdr(reinterpret_cast<void*>(&find_worker_program), &here) == 0 || here.dli_fname == nullptr) return {};
  return installed_with(here.dli_fname, ORCHESTRATOR_LIBRARY_TO_PROGRAMS);
#else
  if (detail::headers_path == nullptr) return {};
  return installed_with(detail::headers_path, ORCHESTRATOR_HEADERS_TO_PROGRAMS);
#endif
}

}  // namespace

Result<std::string> v0::find_worker_program() {
  if (const char* named = std::getenv("ORCHESTRATOR_WORKER"); named != nullptr && *named != '\0') {
    return std::string(named);
  }
  std::string nowhere;
  for (const std::string& place : {beside_this_program(), installed_with_library()}) {
    if (place.empty()) continue;
    if (!find_program(place).empty()) return place;
    nowhere += place + ", ";
  }
  if (std::string on_path = find_program("orchestrator"); !on_path.empty()) return on_path;
  Error error{.code = Errc::executor_unavailable, .stage = Stage::start};
  // The folder of this program is known from /proc.
  if (const auto fault = proc_fault()) {
    error.detail = "the program `orchestrator` was not found: " + fault->text();
  } else {
    error.detail = "the program `orchestrator`, whose `worker` command renders, was not found. Looked for: " + nowhere +
                   "and on PATH. Install it, or name it in ORCHESTRATOR_WORKER or in the executor's options";
  }
  return error;
}

int v0::workers_of_this_machine() { return default_workers(machine_size()); }

}  // namespace orchestrator
