#pragma once

#include <filesystem>
#include <string>

namespace orchestrator {

/// Whether a file is called as Vite calls what it makes of a project of Motion Canvas or Revideo: project.js, or project-HASH.js.
inline bool is_project_script(const std::filesystem::path& file) {
  const std::string name = file.filename().string();
  return name == "project.js" || (name.starts_with("project-") && name.ends_with(".js"));
}

}  // namespace orchestrator
