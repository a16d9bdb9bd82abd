#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace orchestrator {

/// `text` with the URLs below `origin` ("http://host/") as the files of `folder` that they stand for, for people:
/// "(http://composition.localhost/a%20b.js:3)" is "(/home/me/scene/a b.js:3)". Pure.
std::string with_local_paths(std::string_view text, std::string_view origin, const std::filesystem::path& folder);

}  // namespace orchestrator
