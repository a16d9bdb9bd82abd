#include "render/render_run.hpp"

#include "assemble/join.hpp"
#include "assemble/make_audio.hpp"
#include "assemble/verify_chunk.hpp"
#include "base/exception_text.hpp"
#include "render/chunk_product.hpp"
#include "render/executor_call.hpp"
#include "render/still_film.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

// What a render does in coroutines of its own. render_run.cpp starts them, and what one throws fails the render.

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// How often the executor is asked how many chunks it renders at a time: often enough for a host that came or went, and cheap.
constexpr std::chrono::milliseconds slots_interval{500};

/// An executor may mistake one chunk's file for another's: the film would show the one twice.
Result<void> check_different_files(const std::vector<ChunkReport>& chunks) {
  std::map<std::pair<dev_t, ino_t>, int> owners;
  for (const ChunkReport& chunk : chunks) {
    struct stat found {};
    if (::stat(chunk.result.file.c_str(), &found) != 0) continue;  // the join names what is gone
    const auto [other, is_new] = owners.emplace(std::pair(found.st_dev, found.st_ino), chunk.id);
    if (is_new) continue;
    return Error{.code = Errc::chunk_invalid,
                 .detail = "chunk file " + chunk.result.file.string() + " is that of chunk " + std::to_string(other->second) +
                           ", too: the executor gave one for the other",
                 .stage = Stage::verify,
                 .chunk = chunk.id,
                 .worker = chunk.result.worker};
  }
  return {};
}

}  // namespace

/// Counts a chunk among those that are rendered now.
class RenderRun::Rendering {
 public:
  explicit Rendering(RenderRun& run) : run_(run) { run_.most_rendering_ = std::max(run_.most_rendering_, ++run_.rendering_); }
  ~Rendering() { --run_.rendering_; }
  Rendering(const Rendering&) = delete;
  Rendering& operator=(const Rendering&) = delete;

 private:
  RenderRun& run_;
};

/// Takes what an executor reports about a chunk while it renders that chunk.
class RenderRun::Context final : public ChunkContext {
 public:
  Context(RenderRun& run, int chunk) : run_(run), chunk_(chunk) {}
  void progress(std::int64_t, std::int64_t encoded) override { run_.chunk_progress(chunk_, encoded); }
  void log(LogLevel level, std::string_view text) override { run_.report_.log(level, text); }

 private:
  RenderRun& run_;
  int chunk_;
};

asio::awaitable<void> RenderRun::watch_deadline() {
  boost::system::error_code aborted;
  co_await deadline_.async_wait(asio::redirect_error(asio::use_awaitable, aborted));
  if (aborted) co_return;
  const auto limit = std::to_string(options_.timeouts.total.count());
  const std::string left = what_is_left(report_.progress(), sound_is_there_);
  happened_.push(stopped(Errc::timed_out, "not done after " + limit + " ms (timeouts.total): " + left));
}

asio::awaitable<void> RenderRun::watch_slots() {
  for (int slots = task_.at_once; !outcome_;) {
    next_look_.expires_after(slots_interval);
    boost::system::error_code ended;
    co_await next_look_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (ended) co_return;
    try {
      const int now = executor_.capabilities().slots;
      if (std::exchange(slots, now) == now) continue;
      if (now <= 0) report_.log(LogLevel::warning, "the executor has no slot now: no chunk begins until it has one again");
      happened_.push(SlotsChanged{now});
    } catch (...) {
      happened_.push(
          stopped(Errc::internal, "the executor threw when asked for its slots: " + exception_text(std::current_exception())));
      co_return;
    }
  }
}

asio::awaitable<void> RenderRun::run_chunk(ChunkJob job) {
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return fail_chunk(job, {.code = Errc::cancelled, .detail = "cancelled before it started"});
  co_await asio::this_coro::throw_if_cancelled(true);  // Asio's default, which executors may rely on
  Error threw{.code = Errc::internal, .detail = "the executor threw", .stage = Stage::capture};
  Error ended = cancelled_error();
  auto call = execute(job);
  const auto result = co_await executor_call(std::move(call), std::move(threw), std::move(ended));
  if (!result) co_return fail_chunk(job, result.error());
  report_.chunk_rendered(job.chunk, *result);
  happened_.push(ChunkRendered{place_of(job)});  // the slot takes the next chunk while this one is verified
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto verified = co_await verify(job, *result);
  if (!verified) co_return fail_chunk(job, verified.error());
  report_.chunk_finished(job.chunk);
  happened_.push(ChunkVerified{place_of(job)});
}

asio::awaitable<Result<ChunkResult>> RenderRun::execute(const ChunkJob& job) {
  Context context(*this, job.chunk);
  const Rendering rendering(*this);
  auto result = co_await executor_.render_chunk(job, context);
  if (result && !result->file.empty()) result->file = std::filesystem::absolute(result->file);  // the join has its own folder
  co_return result;
}

asio::awaitable<Result<void>> RenderRun::verify(const ChunkJob& job, const ChunkResult& result) {
  const Gate::Place place = co_await verifying_.enter();
  if (!place) co_return cancelled_error(Stage::verify);
  auto verified = co_await verify_chunk(result.file, job.frames.count(), job.video);
  if (!verified) co_return verified.error();
  if (!first_verified_) first_verified_ = *verified;
  co_return check_same_setup(*first_verified_, *verified, result.file);
}

asio::awaitable<void> RenderRun::mix_audio() {
  AudioWarning warn = [this](std::string_view text) { report_.log(LogLevel::warning, text); };
  auto mixed = co_await make_audio(plan_.mix_options, options_.frame_range(), options_.video.fps, options_.timeouts.load, film_,
                                   files_->chunk_dir(), std::move(warn));
  if (!mixed) co_return happened_.push(StepFailed{explained(mixed.error())});
  sound_ = std::move(*mixed);
  sound_is_there_ = true;
  happened_.push(AudioMixed{});
}

asio::awaitable<void> RenderRun::assemble_output() {
  const auto expected = co_await check_content();
  if (!expected) co_return happened_.push(StepFailed{expected.error()});
  auto making = task_.product == RenderTask::Product::film ? join_film() : make_chunk();
  auto made = co_await std::move(making);
  if (!made) co_return happened_.push(StepFailed{explained(made.error())});
  counted_frames_ = *made;
  happened_.push(Assembled{});
}

asio::awaitable<Result<std::int64_t>> RenderRun::join_film() {
  if (auto different = check_different_files(report_.chunks()); !different) co_return different.error();
  std::vector<JoinPart> parts;
  for (const ChunkReport& chunk : report_.chunks()) parts.push_back({chunk.result.file, chunk.frame_count});
  auto joined = co_await join(std::move(parts), sound_, options_.video, film_, files_->unfinished(), files_->chunk_dir());
  if (const std::string warning = still_film(report_.chunks()); joined && !warning.empty())
    report_.log(LogLevel::warning, warning);
  co_return joined;
}

asio::awaitable<Result<std::int64_t>> RenderRun::make_chunk() {
  const ChunkReport& chunk = report_.chunks().front();
  ChunkProof proof{.plan = task_.plan_key, .chunk = chunk.id, .frames = plan_.chunks.front().frames()};
  proof.composition = content_key(content_);
  proof.capture = chunk.result.capture;
  proof.worker = chunk.result.worker;
  proof.versions = chunk.result.versions;
  proof.still = chunk.result.still;
  auto taken = co_await take_chunk(chunk.result.file, std::move(proof), *files_);
  if (!taken) co_return taken.error();
  proof_ = std::move(*taken);
  co_return chunk.frame_count;
}

asio::awaitable<Result<void>> RenderRun::publish() {
  return task_.product == RenderTask::Product::film ? files_->publish() : publish_chunk(*files_);
}

void RenderRun::chunk_progress(int chunk, std::int64_t encoded) {
  report_.chunk_progress(chunk, encoded);
  // Programs with open files do not notice that the folder is gone. Checked here, at most the frames since the last report are
  // wasted.
  if (auto lost = files_->lost_folder()) {
    lost->stage = Stage::capture;
    happened_.push(RenderStopped{std::move(*lost)});
  }
}

void RenderRun::fail_chunk(const ChunkJob& job, Error error) {
  error = explained(std::move(error));
  error.chunk = job.chunk;
  if (error.worker.empty()) error.worker = report_.chunk(job.chunk).result.worker;
  error.attempt = job.attempt;
  report_.chunk_failed(job.chunk, error);
  happened_.push(ChunkFailed{place_of(job), std::move(error)});
}

/// Without its folder, a render fails in many ways. The error to report is then that the folder is gone.
Error RenderRun::explained(Error error) const {
  auto lost = files_->lost_folder();
  if (error.code == Errc::cancelled || !lost) return error;
  lost->stage = error.stage;
  lost->worker = std::move(error.worker);
  return std::move(*lost);
}

}  // namespace orchestrator
