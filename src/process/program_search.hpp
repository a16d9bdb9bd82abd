#pragma once

#include <orchestrator/error.hpp>

#include <array>
#include <string>

namespace orchestrator {

/// A program that is not ours, and where it may be.
struct ProgramSearch {
  const char* title;
  const char* variable;              ///< of the environment; names it, and nothing else is tried then
  const char* package;               ///< Debian's
  std::array<const char*, 4> names;  ///< paths, or names on PATH, best first; nullptr: no more
};

/// `path`, or why there is none and what mends that.
struct ProgramFinding {
  std::string path{};
  std::string reason{};
  std::string remedy{};
};
ProgramFinding search_program(const ProgramSearch& search);

/// The path. The error has this code and stage, and reason and remedy as its detail.
Result<std::string> program_path(const ProgramSearch& search, Errc code, Stage stage);

}  // namespace orchestrator
