#pragma once

#include <orchestrator/error.hpp>

#include <string>
#include <string_view>

namespace orchestrator {

/// A frame of a video that a page asks for, as Remotion's <OffthreadVideo> does:
/// "/proxy?src=<absolute URL>&time=<seconds>&transparent=<true|false>&toneMapped=<true|false>". The last is not
/// needed here: what it is about, HDR, is refused.
struct PictureRequest {
  std::string source{};  ///< URL
  double time_s{0};
  bool transparent{false};
};

bool is_picture_target(std::string_view target);
/// Reads a request's target. The error says which part is missing or wrong. Pure.
Result<PictureRequest> parse_picture_request(std::string_view target);

}  // namespace orchestrator
