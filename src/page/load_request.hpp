#pragma once

#include <orchestrator/composition_description.hpp>
#include <orchestrator/frame_range.hpp>
#include <orchestrator/render_options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {

struct LoadRequest {
  std::string url{};
  std::string props{"{}"};
  std::string composition_id{};
  std::string described{};      ///< as ChunkJob::described
  std::uint16_t media_port{0};  ///< of the loopback server that gives pictures of source videos
  PageSettings page{};
  Rational fps{30, 1};
  FrameRange frames{};  ///< what will be captured, an error if the page declares fewer; empty: the page is only looked at
  TimeoutOptions timeouts{};
};

struct LoadedPage {
  std::string contract{};  ///< "renderFrame", for example
  ContractTraits traits{};
  std::vector<DescribedComposition> compositions{};  ///< as the page declares them; one, unless it is only looked at
  std::optional<std::int64_t> frames{};              ///< how many it declares, at the request's rate
};

}  // namespace orchestrator
