#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace orchestrator {

/// `text`, a message for people, with URLs below `origin` ("http://host/") replaced by the files of `folder` that they name:
/// "(http://composition.localhost/a%20b.js:3)" becomes "(/home/me/scene/a b.js:3)". Pure.
std::string with_local_paths(std::string_view text, std::string_view origin, const std::filesystem::path& folder);

}  // namespace orchestrator
