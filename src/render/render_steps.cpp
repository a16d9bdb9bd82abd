// What a render does: chunks, sound, assembly.
#include "assemble/join.hpp"
#include "assemble/make_audio.hpp"
#include "assemble/verify_chunk.hpp"
#include "async/cancelled.hpp"
#include "render/render_run.hpp"

#include <boost/asio/this_coro.hpp>

namespace orchestrator {

namespace asio = boost::asio;

class RenderRun::Context final : public ChunkContext {
 public:
  Context(RenderRun& run, int chunk) : run_(run), chunk_(chunk) {}
  void progress(std::int64_t, std::int64_t encoded) override { run_.chunk_progress(chunk_, encoded); }
  void log(LogLevel level, std::string_view text) override {
    if (run_.events_.on_log) run_.events_.on_log(level, text);
  }

 private:
  RenderRun& run_;
  int chunk_;
};

asio::awaitable<Result<ChunkResult>> RenderRun::execute(const ChunkJob& job) {
  Context context(*this, job.chunk);
  std::string thrown;
  try {
    auto result = co_await executor_.render_chunk(job, context);
    co_return result;
  } catch (const std::exception& exception) {
    thrown = exception.what();
  } catch (...) {
    thrown = "something that is not a std::exception";
  }
  co_await asio::this_coro::throw_if_cancelled(false);
  if (co_await is_cancelled()) co_return Error{.code = Errc::cancelled, .detail = "cancelled"};
  co_return Error{.code = Errc::internal, .detail = "the executor threw: " + thrown, .stage = Stage::capture};
}

/// Without its folder a render fails in many ways; what is to be told is that the folder is gone.
Error RenderRun::explained(Error error) const {
  auto lost = files_.lost_folder();
  if (error.code == Errc::cancelled || !lost) return error;
  lost->stage = error.stage;
  lost->worker = std::move(error.worker);
  return std::move(*lost);
}

void RenderRun::fail_chunk(const ChunkJob& job, Error error) {
  error = explained(std::move(error));
  error.chunk = job.chunk;
  if (error.worker.empty()) error.worker = report_of(job.chunk).result.worker;
  error.attempt = job.attempt;
  if (events_.on_chunk_failed) events_.on_chunk_failed(job.chunk, error);
  happened_.push(ChunkFailed{job.chunk, std::move(error)});
}

asio::awaitable<void> RenderRun::run_chunk(ChunkJob job) {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (co_await is_cancelled()) co_return fail_chunk(job, {.code = Errc::cancelled, .detail = "cancelled before it started"});
  co_await asio::this_coro::throw_if_cancelled(true);  // Asio's default, which executors may rely on
  auto result = co_await execute(job);
  if (!result) co_return fail_chunk(job, result.error());
  report_of(job.chunk).result = *result;
  happened_.push(ChunkRendered{job.chunk});  // the slot takes the next chunk while this one is looked at
  co_await asio::this_coro::throw_if_cancelled(false);
  auto verified = co_await verify_chunk(result->file, job.frames.count(), job.video);
  if (!verified) co_return fail_chunk(job, verified.error());
  if (!first_verified_) first_verified_ = *verified;
  if (auto same = check_same_setup(*first_verified_, *verified, result->file); !same) co_return fail_chunk(job, same.error());
  chunk_progress(job.chunk, job.frames.count());
  if (events_.on_chunk_finished) events_.on_chunk_finished(job.chunk, *result);
  happened_.push(ChunkVerified{job.chunk});
}

asio::awaitable<void> RenderRun::mix_audio() {
  co_await asio::this_coro::throw_if_cancelled(false);
  AudioWarning warn = [this](std::string_view text) {
    if (events_.on_log) events_.on_log(LogLevel::warning, text);
  };
  auto mixed = co_await make_audio(plan_.mix_options, options_.frame_range(), options_.video.fps, options_.timeouts.load,
                                   files_.chunk_dir(), std::move(warn));
  if (!mixed) co_return happened_.push(StepFailed{explained(mixed.error())});
  sound_ = std::move(*mixed);
  sound_is_there_ = true;
  happened_.push(AudioMixed{});
}

asio::awaitable<void> RenderRun::assemble_output() {
  co_await asio::this_coro::throw_if_cancelled(false);
  std::vector<JoinPart> parts;
  for (const ChunkReport& chunk : reports_) parts.push_back({chunk.result.file, chunk.frame_count});
  auto counted = co_await join(std::move(parts), sound_, options_.video, files_.unfinished(), files_.chunk_dir());
  if (!counted) co_return happened_.push(StepFailed{explained(counted.error())});
  counted_frames_ = *counted;
  happened_.push(Assembled{});
}

void RenderRun::chunk_progress(int chunk, std::int64_t encoded) {
  progress_.chunk_at(static_cast<std::size_t>(chunk), encoded);
  if (events_.on_chunk_progress) events_.on_chunk_progress(chunk, encoded);
  publish_progress();
  // Programs that have their file open do not notice: seen here, it costs no more than the frames since the last report.
  if (auto lost = files_.lost_folder()) {
    lost->stage = Stage::capture;
    happened_.push(RenderStopped{std::move(*lost)});
  }
}

void RenderRun::publish_progress() {
  if (events_.on_progress) events_.on_progress(progress_.snapshot());
}

}  // namespace orchestrator
