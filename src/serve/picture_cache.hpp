#pragma once

#include "serve/video_decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <utility>

namespace orchestrator {

/// When a frame is the one to show: from `first` to before `end`, in ticks.
struct ShownTime {
  std::int64_t first{0};
  std::int64_t end{0};
};

/// Pictures of videos by source and time. Where their bytes are more than `most_bytes`, those go that were not asked for the
/// longest time.
class PictureCache {
 public:
  explicit PictureCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  void keep(int source, ShownTime when, PictureFile picture);
  /// The picture that is shown at `time`; null if it is not here.
  PictureFile find(int source, std::int64_t time);
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  using Key = std::pair<int, std::int64_t>;
  struct Entry {
    Key key;
    std::int64_t end;
    PictureFile picture;
  };
  void drop(std::list<Entry>::iterator entry);

  std::size_t most_bytes_;
  std::size_t bytes_{0};
  std::list<Entry> entries_{};  ///< the latest asked for first
  std::map<Key, std::list<Entry>::iterator> by_key_{};
};

}  // namespace orchestrator
