#pragma once

#include "capture/frame.hpp"

#include <orchestrator/chunk.hpp>

#include <optional>

namespace orchestrator {

/// Finds out whether all frames of a chunk show one picture.
///
/// A frame that is `unchanged` shows that of the one before. Another may do so, too: the page may have drawn the same again.
/// So it is compared, which costs nothing any more once a frame has differed, and less than converting the picture anew.
class StillWatch {
 public:
  /// Makes a frame `unchanged` if it is found to be equal to the one before.
  void see(Frame& frame);
  /// What all frames showed; nothing if they differ, or if there were none.
  std::optional<StillPicture> picture(FrameLayout layout) const;

 private:
  std::optional<Frame> last_{};
  bool differs_{false};
};

}  // namespace orchestrator
