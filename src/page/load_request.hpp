#pragma once

#include <orchestrator/composition_description.hpp>
#include <orchestrator/frame_range.hpp>
#include <orchestrator/render_options.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace orchestrator {

struct LoadRequest {
  std::string url{};
  std::string props{"{}"};
  PageSettings page{};
  Rational fps{30, 1};
  FrameRange frames{};  ///< what will be captured; an error if the page declares fewer frames
  TimeoutOptions timeouts{};
};

struct LoadedPage {
  std::string contract{};  ///< "renderFrame" or "virtual clock"
  ContractTraits traits{};
  DescribedComposition composition{};    ///< as the page declares it
  std::optional<std::int64_t> frames{};  ///< how many it declares, at the request's rate
};

}  // namespace orchestrator
