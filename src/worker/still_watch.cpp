#include "worker/still_watch.hpp"

#include "base/sha256.hpp"
#include "capture/one_colour.hpp"

namespace orchestrator {

void StillWatch::see(Frame& frame) {
  if (differs_ || (last_ && frame.unchanged)) return;
  frame.unchanged = last_ && equal(last_->bytes, frame.bytes);
  differs_ = last_ && !frame.unchanged;
  last_ = frame;
  if (differs_) last_.reset();  // its buffer is needed
}

std::optional<StillPicture> StillWatch::picture(FrameLayout layout) const {
  if (!last_) return std::nullopt;
  Sha256 sum;
  sum.update({reinterpret_cast<const char*>(last_->bytes.data()), last_->bytes.size()});
  return StillPicture{.sha256 = sum.finish(), .one_colour = is_one_colour(last_->bytes, layout)};
}

}  // namespace orchestrator
