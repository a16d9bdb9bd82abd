#include "render/render_run.hpp"

#include "assemble/join.hpp"
#include "assemble/make_audio.hpp"
#include "assemble/sound_sources.hpp"
#include "assemble/verify_chunk.hpp"
#include "async/cancelled.hpp"
#include "base/exception_text.hpp"
#include "process/machine_size.hpp"
#include "render/executor_call.hpp"
#include "render/resolve_composition.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <random>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// How often the executor is asked how many chunks it renders at a time: often enough for a host that came or went, and cheap.
constexpr std::chrono::milliseconds slots_interval{500};

/// 128 random bits of the system, so that nothing that another render left behind is taken for this one's.
std::string random_id() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::string id;
  while (id.size() < 32) id += digits[random() & 15U];
  return id;
}

std::chrono::milliseconds ms_since(RenderRun::Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(RenderRun::Clock::now() - start);
}

}  // namespace

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

RenderRun::RenderRun(asio::any_io_executor strand, RenderExecutor& executor, RenderPlan plan, RenderEvents events,
                     Clock::time_point start)
    : executor_(executor),
      plan_(std::move(plan)),
      options_(*plan_.options),
      film_(*find_container(options_.output)),
      render_id_(random_id()),
      start_(start),
      schedule_(static_cast<int>(plan_.chunks.size()), plan_.workers),
      report_(plan_, std::move(events), [this] { happened_.push(stopped(Errc::internal, *report_.thrown())); }),
      happened_(strand),
      strand_(strand),
      deadline_(strand),
      next_look_(strand),
      verifying_(strand, machine_size().cores),
      tasks_(strand) {}

asio::awaitable<Result<RenderResult>> RenderRun::run() {
  co_await asio::this_coro::throw_if_cancelled(false);  // a cancelled render ends with a value, too
  report_.enter(RenderPhase::starting);
  if (report_.thrown()) co_return thrown_error(Stage::start);
  if (auto ready = make_ready(); !ready) co_return ready.error();
  if (options_.timeouts.total.count() > 0) {
    deadline_.expires_at(start_ + options_.timeouts.total);
    tasks_.spawn(watch_deadline());
  }
  if (options_.chunking.workers == 0) tasks_.spawn(watch_slots());
  report_.enter(RenderPhase::rendering);
  co_await follow_schedule();
  deadline_.cancel();
  next_look_.cancel();
  co_await tasks_.wait();
  if (!*outcome_) co_return outcome_->error();
  const auto published = co_await files_->publish();
  if (!published) co_return published.error();
  report_.enter(RenderPhase::done);
  if (!report_.thrown()) co_return summary();
  Error error = thrown_error(Stage::assemble);
  error.detail += "; the film is finished: " + plan_.final_output_file.string();
  co_return error;
}

Result<void> RenderRun::make_ready() {
  auto composition = resolve_composition(options_.composition);
  if (!composition) return composition.error();
  composition_ = std::move(*composition);
  if (auto sounds = check_sound_sources(plan_.mix_options); !sounds) return sounds;
  auto files = RenderFiles::prepare(strand_, plan_);
  if (!files) return files.error();
  files_.emplace(std::move(*files));
  return {};
}

asio::awaitable<void> RenderRun::follow_schedule() {
  perform(schedule_.on(RenderStarted{}));
  while (!outcome_) {
    auto event = co_await happened_.next();
    if (!event) event = stopped(Errc::cancelled, "the render was cancelled");
    perform(schedule_.on(*event));
  }
}

asio::awaitable<void> RenderRun::watch_deadline() {
  co_await asio::this_coro::throw_if_cancelled(false);
  boost::system::error_code aborted;
  co_await deadline_.async_wait(asio::redirect_error(asio::use_awaitable, aborted));
  if (aborted) co_return;
  const auto limit = std::to_string(options_.timeouts.total.count());
  const std::string left = what_is_left(report_.progress(), sound_is_there_);
  happened_.push(stopped(Errc::timed_out, "not done after " + limit + " ms (timeouts.total): " + left));
}

asio::awaitable<void> RenderRun::watch_slots() {
  co_await asio::this_coro::throw_if_cancelled(false);
  for (int slots = plan_.workers; !outcome_;) {
    next_look_.expires_after(slots_interval);
    boost::system::error_code ended;
    co_await next_look_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (ended) co_return;
    try {
      const int now = executor_.capabilities().slots;
      if (std::exchange(slots, now) != now) happened_.push(SlotsChanged{now});
    } catch (...) {
      happened_.push(
          stopped(Errc::internal, "the executor threw when asked for its slots: " + exception_text(std::current_exception())));
      co_return;
    }
  }
}

void RenderRun::perform(const std::vector<ScheduleAction>& actions) {
  for (const ScheduleAction& action : actions) {
    std::visit([this](const auto& todo) { perform(todo); }, action);
  }
}
void RenderRun::perform(const StartChunk& start) {
  const RenderChunk& chunk = plan_.chunks[static_cast<std::size_t>(start.chunk)];
  report_.chunk_started(chunk.id, start.attempt);
  tasks_.spawn(run_chunk(job_for(chunk, start.attempt)));
}
void RenderRun::perform(const MixAudio&) { tasks_.spawn(mix_audio()); }
void RenderRun::perform(const AbortTasks&) { tasks_.cancel_all(); }
void RenderRun::perform(const Assemble&) {
  report_.enter(RenderPhase::assembling);
  assemble_start_ = Clock::now();
  tasks_.spawn(assemble_output());
}
void RenderRun::perform(const Complete&) { outcome_ = Result<void>(); }
void RenderRun::perform(const GiveUp& end) { outcome_ = Result<void>(end.error); }

asio::awaitable<void> RenderRun::run_chunk(ChunkJob job) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return fail_chunk(job, {.code = Errc::cancelled, .detail = "cancelled before it started"});
  co_await asio::this_coro::throw_if_cancelled(true);  // Asio's default, which executors may rely on
  Error threw{.code = Errc::internal, .detail = "the executor threw", .stage = Stage::capture};
  Error ended = cancelled_error();
  auto call = execute(job);
  const auto result = co_await executor_call(std::move(call), std::move(threw), std::move(ended));
  if (!result) co_return fail_chunk(job, result.error());
  report_.chunk_rendered(job.chunk, *result);
  happened_.push(ChunkRendered{job.chunk});  // the slot takes the next chunk while this one is verified
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto verified = co_await verify(job, *result);
  if (!verified) co_return fail_chunk(job, verified.error());
  report_.chunk_finished(job.chunk);
  happened_.push(ChunkVerified{job.chunk});
}

asio::awaitable<Result<ChunkResult>> RenderRun::execute(const ChunkJob& job) {
  Context context(*this, job.chunk);
  co_return co_await executor_.render_chunk(job, context);
}

asio::awaitable<Result<void>> RenderRun::verify(const ChunkJob& job, const ChunkResult& result) {
  const bool entered = co_await verifying_.enter();
  if (!entered) co_return cancelled_error(Stage::verify);
  auto verified = co_await verify_chunk(result.file, job.frames.count(), job.video);
  verifying_.leave();
  if (!verified) co_return verified.error();
  if (!first_verified_) first_verified_ = *verified;
  co_return check_same_setup(*first_verified_, *verified, result.file);
}

asio::awaitable<void> RenderRun::mix_audio() {
  co_await asio::this_coro::throw_if_cancelled(false);
  AudioWarning warn = [this](std::string_view text) { report_.log(LogLevel::warning, text); };
  auto mixed = co_await make_audio(plan_.mix_options, options_.frame_range(), options_.video.fps, options_.timeouts.load, film_,
                                   files_->chunk_dir(), std::move(warn));
  if (!mixed) co_return happened_.push(StepFailed{explained(mixed.error())});
  sound_ = std::move(*mixed);
  sound_is_there_ = true;
  happened_.push(AudioMixed{});
}

asio::awaitable<void> RenderRun::assemble_output() {
  co_await asio::this_coro::throw_if_cancelled(false);
  std::vector<JoinPart> parts;
  for (const ChunkReport& chunk : report_.chunks()) parts.push_back({chunk.result.file, chunk.frame_count});
  auto counted = co_await join(std::move(parts), sound_, options_.video, film_, files_->unfinished(), files_->chunk_dir());
  if (!counted) co_return happened_.push(StepFailed{explained(counted.error())});
  counted_frames_ = *counted;
  happened_.push(Assembled{});
}

ChunkJob RenderRun::job_for(const RenderChunk& chunk, int attempt) const {
  return {.render = render_id_,
          .chunk = chunk.id,
          .attempt = attempt,
          .frames = chunk.frames(),
          .composition = composition_,
          .props = options_.props,
          .page = options_.page,
          .video = options_.video,
          .capture = options_.capture,
          .timeouts = options_.timeouts,
          .output = files_->chunk_dir() / chunk.output_file};
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
  if (error.worker.empty()) error.worker = report_.chunks()[static_cast<std::size_t>(job.chunk)].result.worker;
  error.attempt = job.attempt;
  report_.chunk_failed(job.chunk, error);
  happened_.push(ChunkFailed{job.chunk, std::move(error)});
}

Error RenderRun::thrown_error(Stage stage) const { return {.code = Errc::internal, .detail = *report_.thrown(), .stage = stage}; }

RenderStopped RenderRun::stopped(Errc code, std::string detail) const {
  const Progress now = report_.progress();
  Stage stage = now.frames_done == now.frames_total && !sound_is_there_ ? Stage::audio : Stage::capture;
  if (now.phase == RenderPhase::assembling) stage = Stage::assemble;
  return {{.code = code, .detail = std::move(detail), .stage = stage}};
}

/// Without its folder, a render fails in many ways. The error to report is then that the folder is gone.
Error RenderRun::explained(Error error) const {
  auto lost = files_->lost_folder();
  if (error.code == Errc::cancelled || !lost) return error;
  lost->stage = error.stage;
  lost->worker = std::move(error.worker);
  return std::move(*lost);
}

RenderResult RenderRun::summary() const {
  return {.output = plan_.final_output_file,
          .frames = counted_frames_,
          .width = options_.video.width,
          .height = options_.video.height,
          .fps = options_.video.fps,
          .workers = plan_.workers,
          .wall = ms_since(start_),
          .assemble = ms_since(assemble_start_),
          .chunks = report_.chunks()};
}

}  // namespace orchestrator
