#pragma once

#include <filesystem>
#include <string>

namespace orchestrator {

/// Why `path` names no file that can be read, and read again: "Permission denied", "it is a folder"; empty if it does.
std::string why_no_file(const std::filesystem::path& path);

}  // namespace orchestrator
