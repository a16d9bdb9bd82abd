#include <orchestrator/worker/program_search.hpp>

#include <orchestrator/worker/child_process.hpp>

#include <cstdlib>

namespace orchestrator {

ProgramFinding v0::search_program(const ProgramSearch& search) {
  const std::string variable = search.variable;
  const char* chosen = std::getenv(search.variable);
  if (chosen != nullptr && *chosen != '\0') {
    if (std::string path = find_program(chosen); !path.empty()) return {.path = path};
    return {.reason = variable + "=" + chosen + " is not an executable file", .remedy = "correct or unset " + variable};
  }
  for (const char* name : search.names) {
    if (name == nullptr) break;
    if (std::string path = find_program(name); !path.empty()) return {.path = path};
  }
  return {.reason = std::string(search.title) + " is not installed", .remedy = std::string("apt-get install ") + search.package};
}

Result<std::string> v0::program_path(const ProgramSearch& search, Errc code, Stage stage) {
  ProgramFinding finding = search_program(search);
  if (!finding.path.empty()) return std::move(finding.path);
  return Error{.code = code, .detail = finding.reason + ": " + finding.remedy, .stage = stage};
}

}  // namespace orchestrator
