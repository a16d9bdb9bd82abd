#pragma once

#include <orchestrator/render_options.hpp>

#include <string_view>

namespace orchestrator::tool {

/// "FILE,volume=0.5,offset=1.5,loop=1": the settings at the end are cut off, the rest is the file, commas and all.
/// Errors: Errc::invalid_options, naming the setting.
Result<AudioTrack> parse_audio_track(std::string_view text);

}  // namespace orchestrator::tool
