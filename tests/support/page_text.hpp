#pragma once

#include "support/files.hpp"

namespace orchestrator::test {

/// A page of tests/pages.
inline std::string page_text(const std::string& name) {
  return read_file(std::filesystem::path(ORCHESTRATOR_SOURCE_DIR) / "tests/pages" / name);
}

}  // namespace orchestrator::test
