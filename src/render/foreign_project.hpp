#pragma once

#include <string>
#include <string_view>

namespace orchestrator {

/// What a folder without an index.html is, and how its film is to be had, if it is the source of another system's project by the
/// text of its package.json: as a sentence without an end. Empty if it is none. Pure.
std::string foreign_project(std::string_view package_json);

}  // namespace orchestrator
