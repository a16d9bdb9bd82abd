#include "orchestrator/tell.hpp"

#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace orchestrator::tool {

namespace {

/// Remembers which texts were printed. May be used on any thread.
class Told {
 public:
  bool is_news(std::string_view text) {
    const std::lock_guard lock(mutex_);
    return texts_.emplace(text).second;
  }

 private:
  std::mutex mutex_{};
  std::set<std::string> texts_{};
};

}  // namespace

Tell log_to(ProgressDisplay& display, bool verbose) {
  return [&display, verbose, told = std::make_shared<Told>()](LogLevel level, std::string_view text) {
    if (level == LogLevel::warning && told->is_news(text)) display.print("warning: " + std::string(text));
    if (level != LogLevel::warning && verbose) display.print(text);
  };
}

RenderEvents events_for(ProgressDisplay& display, const Tell& tell, const std::vector<RenderChunk>& chunks, Ledger& ledger) {
  return {.on_progress = [&display](const Progress& progress) { display.show(progress); },
          .on_chunk_started =
              [&](int id, int attempt) {
                const RenderChunk& chunk = chunks[static_cast<std::size_t>(id)];
                ledger.chunks[id] = {
                    .id = id, .start_frame = chunk.start_frame, .frame_count = chunk.frame_count, .attempts = attempt};
              },
          .on_chunk_finished = [&](int id, const ChunkResult& result) { ledger.chunks[id].result = result; },
          .on_chunk_failed = [&](int id, const Error& error) { ledger.chunks[id].result.worker = error.worker; },
          .on_log = tell};
}

}  // namespace orchestrator::tool
