#pragma once

#include <filesystem>
#include <string>

namespace orchestrator {

/// A fontconfig file (fonts-conf(5)) with this machine's fonts, but not its settings for drawing them: no hinting, no subpixel
/// colours. Chromium obeys --font-render-hinting only when headless; with a window it asks fontconfig, and letters then differ
/// from backend to backend and from machine to machine.
std::string font_settings();

/// Writes these settings to `file`; false if that fails.
bool write_font_settings(const std::filesystem::path& file);

}  // namespace orchestrator
