#pragma once

#include "encode/encoder.hpp"
#include "support/await.hpp"

#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

namespace orchestrator::test {

/// Frame `number` of a moving test picture, as a capture would hand it out.
inline Frame make_frame(std::int64_t number, int width, int height) {
  auto pixels = std::make_shared<std::vector<std::uint32_t>>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto red = static_cast<std::uint32_t>((x + number) * 3) & 255U;
      const auto green = static_cast<std::uint32_t>(y * 4) & 255U;
      const auto blue = static_cast<std::uint32_t>(number) & 255U;
      (*pixels)[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)] =
          (red << 16) | (green << 8) | blue;
    }
  }
  return {.number = number, .bytes = std::as_bytes(std::span(*pixels)), .buffer = pixels};
}

inline boost::asio::awaitable<Result<void>> encode_frames(EncoderJob job, FrameRange frames) {
  const int width = job.video.width, height = job.video.height;
  auto encoder = Encoder::start(co_await boost::asio::this_coro::executor, std::move(job));
  if (!encoder) co_return encoder.error();
  for (std::int64_t number = frames.first; number < frames.last; ++number) {
    Frame frame = make_frame(number, width, height);
    auto written = co_await encoder->write(std::move(frame));
    if (!written) co_return written.error();
  }
  auto finished = co_await encoder->finish();
  co_return finished;
}

inline Result<void> encode_chunk(const VideoOptions& video, FrameRange frames, const std::filesystem::path& output) {
  return await(encode_frames({.video = video, .output = output}, frames));
}

}  // namespace orchestrator::test
