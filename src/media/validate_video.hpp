#pragma once

#include <orchestrator/render_options.hpp>

namespace orchestrator {

/// Errors: Errc::invalid_options; `detail` names the field ("video.crf must be 0 ... 51").
Result<void> validate_video(const VideoOptions& video);

}  // namespace orchestrator
