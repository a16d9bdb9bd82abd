#pragma once

#include <filesystem>

namespace orchestrator {

/// Writes a profile in which no dialog that nobody closes covers a page: no login (a 401 answer is shown as it comes) and no
/// print preview; and in which the browser talks to no search engine. Chromium has preferences for these, but no flags. False if
/// writing fails.
bool write_profile_settings(const std::filesystem::path& profile);

}  // namespace orchestrator
