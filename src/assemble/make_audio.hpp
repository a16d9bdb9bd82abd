#pragma once

#include "media/output_format.hpp"

#include <orchestrator/render_options.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace orchestrator {

/// Called with a warning of one sentence. The function may be empty.
using AudioWarning = std::function<void(std::string_view)>;

/// Makes the sound of a whole render: decodes every track once, mixes them on the sample grid, encodes the mix once for `film`.
/// The file lies in `work_dir` (the caller's to remove) and covers exactly the samples of `frames`; nothing else stays there.
/// Returns nothing if there are no tracks and no silence was asked for. Can run while the picture is rendered.
/// Fails if ffprobe cannot describe a source within `load_timeout` (TimeoutOptions::load), or if a server sends nothing for that
/// long. `warn` is called for tracks that will not be heard. Errors: audio_failed, naming the track's source and the reason;
/// output_unwritable; encoder_unavailable; cancelled.
boost::asio::awaitable<Result<std::optional<std::filesystem::path>>> make_audio(
    AudioOptions audio, FrameRange frames, Rational fps, std::chrono::milliseconds load_timeout, const Container& film,
    std::filesystem::path work_dir, AudioWarning warn = {});

/// As make_audio(), but makes the mix only: raw 32-bit float stereo samples at 48 kHz in `output`.
boost::asio::awaitable<Result<void>> mix_audio(AudioOptions audio, FrameRange frames, Rational fps,
                                               std::chrono::milliseconds load_timeout, std::filesystem::path work_dir,
                                               std::filesystem::path output, AudioWarning warn = {});

}  // namespace orchestrator
