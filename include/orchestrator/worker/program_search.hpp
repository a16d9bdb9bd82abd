#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>

#include <array>
#include <string>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// A program that is needed but not contained here, and where to look for it.
struct ProgramSearch {
  const char* title;
  const char* variable;              ///< environment variable that names the program; if set, nothing else is tried
  const char* package;               ///< Debian's name of the package
  std::array<const char*, 4> names;  ///< paths, or names on PATH, best first; nullptr: no more
};

/// The program's `path`, or why it was not found and what to do about it.
struct ProgramFinding {
  std::string path{};
  std::string reason{};
  std::string remedy{};
};
ProgramFinding search_program(const ProgramSearch& search);

/// The program's path. The error has `code` and `stage`, and reason and remedy as its detail.
Result<std::string> program_path(const ProgramSearch& search, Errc code, Stage stage);

}  // namespace v0
}  // namespace orchestrator
