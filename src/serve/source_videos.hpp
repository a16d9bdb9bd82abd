#pragma once

#include "async/gate.hpp"
#include "serve/picture_cache.hpp"
#include "serve/video_decoder.hpp"

#include <list>
#include <map>

namespace orchestrator {

/// A frame of a video that is wanted.
struct WantedPicture {
  std::filesystem::path file{};
  double time_s{0};         ///< by the file's own clock, whose first frame need not be at 0
  bool transparent{false};  ///< PNG with transparency, otherwise BMP without
};

struct SourceVideoLimits {
  // 41 pictures of 1080p, 10 of 4K: what goes back and forth within a second or so. A worker with a browser takes several times
  // that.
  std::size_t cache_bytes{std::size_t{256} << 20};
  // Sources that are on the screen at the same time. Each is an ffmpeg with 50 to 150 MB.
  int decoders{4};
  // Much longer than any frame takes on a busy machine: such an ffmpeg hangs.
  std::chrono::milliseconds frame{60'000};
};

/// Pictures of videos, exact by their timestamps: the answer is the last frame that is shown at or before a time, that rounded to
/// the video's own clock; before the first frame it is the first, after the end the last. A video that is asked for in order is
/// decoded once. To be used on one strand.
class SourceVideos {
 public:
  explicit SourceVideos(boost::asio::any_io_executor executor, SourceVideoLimits limits = {});
  ~SourceVideos();
  SourceVideos(const SourceVideos&) = delete;
  SourceVideos& operator=(const SourceVideos&) = delete;

  /// Must not outlive this object. Errors: page_error with what is wrong with the file, without its name; encoder_unavailable.
  boost::asio::awaitable<Result<PictureFile>> find(WantedPicture wanted);
  /// Ends every ffmpeg; what is under way and what is asked later fails soon.
  void stop();

 private:
  struct Running;
  struct Source;
  boost::asio::awaitable<Result<PictureFile>> decode(Source& source, const WantedPicture& wanted);
  boost::asio::awaitable<Result<PictureFile>> read_to(Source& source, std::list<Running>::iterator running, double time_s);
  boost::asio::awaitable<Result<PictureFile>> advance(Source& source, Running& running, double time_s);
  PictureFile pass(const Source& source, Running& running, SourceFrame next);
  PictureFile cached(const Source& source, double time_s);
  void keep(const Source& source, const Running& running, std::int64_t end);
  void end_oldest();

  boost::asio::any_io_executor executor_;
  SourceVideoLimits limits_;
  PictureCache cache_;
  Gate decoding_;
  std::map<std::pair<std::filesystem::path, bool>, std::unique_ptr<Source>> sources_;  ///< by file and transparency
  std::uint64_t uses_{0};
  bool stopped_{false};
};

}  // namespace orchestrator
