#pragma once

#include <string>
#include <string_view>

namespace orchestrator {

/// What a folder without an index.html is and what its render would need, if it is a project of another system: as a sentence
/// without an end. Empty if it is none. Pure.
/// @param script       the folder's project.js, if it has one, as in "src/project.js"
/// @param package_json the text of its package.json, if it has one
std::string foreign_project(const std::string& script, std::string_view package_json);

}  // namespace orchestrator
