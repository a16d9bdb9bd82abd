#pragma once

#include <orchestrator/render_options.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace orchestrator {

/// The scripts in a folder, or in its `src`, that Vite may have made of projects of Motion Canvas or Revideo
/// (is_project_script()). What they are is only known when one of them is loaded.
std::vector<std::filesystem::path> project_scripts(const std::filesystem::path& folder);

/// The settings with the style sheets, if none are given, that Vite has written beside a built project's script of this machine,
/// which does not name them.
PageSettings with_style_sheets(PageSettings page, const std::string& composition);

}  // namespace orchestrator
