#pragma once

#include <filesystem>

namespace orchestrator {

/// Writes a profile whose pages get no window over their picture that nobody closes: no login dialog (a 401 answer is shown
/// as it comes) and no print preview. Chromium has no flags for these, but preferences. False if that fails.
bool write_profile_settings(const std::filesystem::path& profile);

}  // namespace orchestrator
