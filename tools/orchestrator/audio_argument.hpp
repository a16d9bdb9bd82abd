#pragma once

#include <orchestrator/render_options.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace orchestrator::tool {

/// Reads "FILE,volume=0.5, offset=1.5,loop=1". Settings are cut off the end until what is left is a file (`is_file`) or does not
/// end with a setting. So a name may have commas, and may even end like a setting if the file is there.
/// Errors: Errc::invalid_options, naming the setting.
Result<AudioTrack> parse_audio_track(std::string_view text, const std::function<bool(const std::string&)>& is_file);

}  // namespace orchestrator::tool
