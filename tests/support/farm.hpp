#pragma once

#include <orchestrator/render_orchestrator.hpp>

#include "support/temp_dir.hpp"
#include "support/video_chunks.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace orchestrator::test {

using ChunkWork = std::function<boost::asio::awaitable<Result<ChunkResult>>(ChunkJob, ChunkContext&)>;

/// An executor as users write them, with real chunk files but no browser.
class Farm final : public RenderExecutor {
 public:
  Farm(int offered, ChunkWork work) : slots(offered), work_(std::move(work)) {}
  boost::asio::awaitable<Result<void>> prepare() override { co_return Result<void>{}; }
  ExecutorCapabilities capabilities() const override { return {.slots = slots}; }
  boost::asio::awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override {
    ++started;
    most_at_once = std::max<int>(most_at_once, ++running_);
    struct Leave {
      std::atomic<int>& running;
      ~Leave() { --running; }
    } leave{running_};
    co_return co_await work_(std::move(job), context);
  }

  std::atomic<int> slots;  ///< may change while a render runs
  std::atomic<int> started{0};
  std::atomic<int> most_at_once{0};
  int running() const { return running_; }

 private:
  ChunkWork work_;
  std::atomic<int> running_{0};
};

/// Encodes a real chunk file.
inline boost::asio::awaitable<Result<ChunkResult>> encode_job(ChunkJob job, ChunkContext& context) {
  const std::int64_t count = job.frames.count();
  context.progress(count / 2, count / 4);
  EncoderJob encoding{.video = job.video, .output = job.output};  // a variable: GCC 12 destroys such a temporary twice
  auto encoded = co_await encode_frames(std::move(encoding), job.frames);
  if (!encoded) co_return encoded.error();
  co_return ChunkResult{.file = job.output, .frames = count, .capture = "none", .worker = "farm"};
}

/// Never ends by itself. A cancellation is thrown through it as an exception, which is Asio's default.
inline boost::asio::awaitable<Result<ChunkResult>> hang(ChunkJob, ChunkContext&) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::minutes(1));
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_return Error{.detail = "nobody cancelled this chunk"};
}

/// A folder with a composition, and options that render it to out/film.mp4 in three chunks.
struct RenderSetup {
  RenderSetup() {
    std::filesystem::create_directory(folder / "out");
    std::ofstream(folder / "scene.html") << "<!doctype html>";
    options = {.composition = (folder / "scene.html").string(),
               .output = folder / "out/film.mp4",
               .video = {.width = 64, .height = 48, .fps = {30, 1}, .preset = "ultrafast"},
               .frames = {0, 30},
               .chunking = {.chunks = 3}};
  }
  /// What lies in the output's folder, hidden files and all.
  std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "out"))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }
  TempDir folder;
  RenderOptions options;
};

}  // namespace orchestrator::test
