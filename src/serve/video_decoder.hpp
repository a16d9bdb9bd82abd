#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/frame_range.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {

// A source is a page's file, and a page may read nothing but its folder: so none of what names other files, as playlists do.
inline constexpr const char* source_protocols = "file";
inline constexpr const char* source_formats = "mov,matroska,avi,flv,mpegts,mpeg,ogg,gif,asf,mxf,ivf";

/// A picture as a file: BMP, or PNG where transparency was asked for.
using PictureFile = std::shared_ptr<const std::string>;

/// A frame of a video.
struct SourceFrame {
  std::int64_t time{0};  ///< when it is shown, in ticks of the stream's time base, as the file has it
  bool key{false};       ///< can be decoded without those before it
  PictureFile picture{};
};

struct DecoderStart {
  std::filesystem::path file{};
  std::string decoder{};           ///< ffmpeg's name for it; empty: its own choice
  bool transparent{false};         ///< PNG with transparency, otherwise BMP without
  std::optional<double> from_s{};  ///< where to look for the key frame to begin with; nothing: the file's beginning
};
/// ffmpeg's arguments. Pure.
std::vector<std::string> decoder_arguments(const DecoderStart& start);

/// An ffmpeg that decodes a video forwards and stays a few frames ahead. To be used on one strand. The destructor ends it.
class VideoDecoder {
 public:
  /// Errors: encoder_unavailable if there is no ffmpeg or it cannot be started.
  static Result<VideoDecoder> start(boost::asio::any_io_executor executor, const DecoderStart& start);
  VideoDecoder(VideoDecoder&&) noexcept;
  VideoDecoder& operator=(VideoDecoder&&) = delete;
  ~VideoDecoder();

  /// The next frame, in the order in which they are shown; nothing after the last. Errors: page_error with the reason, among them
  /// that ffmpeg gave no frame within `limit`, that the file is damaged or cut short, and that it was stopped.
  boost::asio::awaitable<Result<std::optional<SourceFrame>>> next(std::chrono::milliseconds limit);
  /// Seconds a tick; to be asked after the first frame.
  Rational time_base() const;
  /// Ends ffmpeg; next() fails from now on.
  void stop();

  struct State;

 private:
  explicit VideoDecoder(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

}  // namespace orchestrator
