#pragma once

#include "verify/picture.hpp"

#include <orchestrator/composition_description.hpp>
#include <orchestrator/frame_range.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// One way to capture the frames. The first pass of a verification, in sequence and without load, is the reference for the
/// others.
struct VerifyPass {
  bool fresh{false};          ///< each sample in a browser that was started for it; else all frames, one after the other, in one
  bool loaded{false};         ///< while busy loops run on all cores
  bool other_backend{false};  ///< captured in another way than in the first pass
  std::string capture{};      ///< as CaptureSession::description; the backend's name until the pass ran
  std::string skipped{};      ///< why the pass could not run: its backend is not there
  std::int64_t compared{0};   ///< number of frames compared; in the first pass, of those taken
  std::int64_t different{0};  ///< how many of them differ
  std::optional<std::int64_t> first_different{};
};
/// "in sequence", "fresh, under load", "in sequence, by beginframe". Pure.
std::string to_string(const VerifyPass& pass);

/// The first frame that differs in any pass.
struct FirstDifference {
  std::int64_t frame{0};
  std::size_t pass{0};             ///< index of the pass that saw it
  bool reference_is_steady{true};  ///< false: taken again, the reference's own picture came out differently
  PictureDifference difference{};
  std::filesystem::path reference{};  ///< PNG of the first pass's picture
  std::filesystem::path other{};      ///< PNG of the picture that differs
  std::filesystem::path where{};      ///< PNG of their difference
};

struct VerifyReport {
  std::string contract{};  ///< as LoadedPage::contract: how the page is driven
  FrameOrder order{FrameOrder::any};
  FrameRange frames{};
  std::vector<std::int64_t> samples{};
  std::vector<VerifyPass> passes{};
  std::optional<FirstDifference> difference{};  ///< none: the same in all passes
};

/// What usually causes such a difference, judged by which passes saw it and which did not. Pure.
std::string_view likely_cause(const VerifyReport& report);

}  // namespace orchestrator
