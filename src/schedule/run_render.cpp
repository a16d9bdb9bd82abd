#include "schedule/run_render.hpp"

#include "assemble/join.hpp"
#include "assemble/make_audio.hpp"
#include "assemble/verify_chunk.hpp"
#include "process/cancelled.hpp"
#include "schedule/event_queue.hpp"
#include "schedule/progress_sum.hpp"
#include "schedule/render_files.hpp"
#include "schedule/resolve_composition.hpp"
#include "schedule/schedule.hpp"
#include "schedule/task_group.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <random>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

std::vector<std::int64_t> frame_counts(const RenderPlan& plan) {
  std::vector<std::int64_t> counts;
  counts.reserve(plan.chunks.size());
  for (const RenderChunk& chunk : plan.chunks) counts.push_back(chunk.frame_count);
  return counts;
}

/// 128 bits of the system's random numbers: what other renders leave behind is not taken for this one's.
std::string random_id() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device random;
  std::string id;
  while (id.size() < 32) id += digits[random() & 15U];
  return id;
}

std::vector<ChunkReport> empty_reports(const RenderPlan& plan) {
  std::vector<ChunkReport> reports;
  reports.reserve(plan.chunks.size());
  for (const RenderChunk& chunk : plan.chunks) {
    reports.push_back({.id = chunk.id, .start_frame = chunk.start_frame, .frame_count = chunk.frame_count});
  }
  return reports;
}

class RenderRun {
 public:
  RenderRun(asio::any_io_executor strand, RenderExecutor& executor, RenderPlan plan, RenderEvents events, RenderFiles files,
            std::string composition)
      : executor_(executor),
        plan_(std::move(plan)),
        options_(*plan_.options),
        events_(std::move(events)),
        files_(std::move(files)),
        composition_(std::move(composition)),
        schedule_(static_cast<int>(plan_.chunks.size()), plan_.workers),
        progress_(frame_counts(plan_)),
        reports_(empty_reports(plan_)),
        happened_(strand),
        deadline_(strand),
        tasks_(strand) {}

  asio::awaitable<Result<RenderResult>> run() {
    if (options_.timeouts.total.count() > 0) {
      deadline_.expires_after(options_.timeouts.total);
      tasks_.spawn(watch_deadline());
    }
    enter(RenderStage::rendering);
    perform(schedule_.on(RenderStarted{}));
    while (!outcome_) {
      auto event = co_await happened_.next();
      if (!event) event = stopped(Errc::cancelled, "the render was cancelled");
      perform(schedule_.on(*event));
    }
    deadline_.cancel();
    co_await tasks_.wait();
    if (!*outcome_) co_return outcome_->error();
    enter(RenderStage::done);
    co_return summary();
  }

 private:
  class Context;

  asio::awaitable<void> watch_deadline() {
    co_await asio::this_coro::throw_if_cancelled(false);
    boost::system::error_code aborted;
    co_await deadline_.async_wait(asio::redirect_error(asio::use_awaitable, aborted));
    if (aborted) co_return;
    const auto limit = std::to_string(options_.timeouts.total.count());
    const std::string left = what_is_left(progress_.snapshot(), sound_is_there_);
    happened_.push(stopped(Errc::timed_out, "not done after " + limit + " ms (timeouts.total): " + left));
  }

  RenderStopped stopped(Errc code, std::string detail) const {
    const Progress now = progress_.snapshot();
    Stage stage = now.frames_done == now.frames_total && !sound_is_there_ ? Stage::audio : Stage::capture;
    if (now.stage == RenderStage::assembling) stage = Stage::assemble;
    return {{.code = code, .detail = std::move(detail), .stage = stage}};
  }

  void perform(const std::vector<ScheduleAction>& actions) {
    for (const ScheduleAction& action : actions) {
      std::visit([this](const auto& todo) { perform(todo); }, action);
    }
  }

  void perform(const StartChunk& start) {
    const RenderChunk& chunk = plan_.chunks[static_cast<std::size_t>(start.chunk)];
    if (events_.on_chunk_started) events_.on_chunk_started(chunk.id, start.attempt);
    report_of(start.chunk).attempts = start.attempt;
    tasks_.spawn(run_chunk(job_for(chunk, start.attempt)));
  }
  void perform(const MixAudio&) { tasks_.spawn(mix_audio()); }
  void perform(const AbortTasks&) { tasks_.cancel_all(); }
  void perform(const Assemble&) {
    enter(RenderStage::assembling);
    assemble_start_ = Clock::now();
    tasks_.spawn(assemble_output());
  }
  void perform(const Complete&) {
    auto published = files_.publish();
    outcome_ = published ? Result<void>{} : Result<void>(explained(published.error()));
  }
  void perform(const GiveUp& end) { outcome_ = Result<void>(end.error); }

  ChunkJob job_for(const RenderChunk& chunk, int attempt) const {
    return {.render = render_id_,
            .chunk = chunk.id,
            .attempt = attempt,
            .frames = chunk.frames(),
            .composition = composition_,
            .props = options_.props,
            .video = options_.video,
            .capture = options_.capture,
            .timeouts = options_.timeouts,
            .output = files_.chunk_dir() / chunk.output_file};
  }

  asio::awaitable<void> run_chunk(ChunkJob job);
  asio::awaitable<Result<ChunkResult>> execute(const ChunkJob& job);
  asio::awaitable<void> mix_audio();
  asio::awaitable<void> assemble_output();
  void fail_chunk(const ChunkJob& job, Error error);
  Error explained(Error error) const;

  ChunkReport& report_of(int chunk) { return reports_[static_cast<std::size_t>(chunk)]; }
  void enter(RenderStage stage);
  void chunk_progress(int chunk, std::int64_t encoded);
  void publish_progress();
  RenderResult summary();

  RenderExecutor& executor_;
  RenderPlan plan_;
  const RenderOptions& options_;
  RenderEvents events_;
  RenderFiles files_;
  std::string composition_;
  std::string render_id_{random_id()};
  Schedule schedule_;
  ProgressSum progress_;
  std::vector<ChunkReport> reports_;
  std::optional<fs::path> sound_{};
  bool sound_is_there_{false};  ///< or known not to be wanted
  std::optional<ProbedStream> first_verified_{};
  std::int64_t counted_frames_{0};
  Clock::time_point start_{Clock::now()};
  Clock::time_point assemble_start_{};
  EventQueue happened_;
  asio::steady_timer deadline_;
  std::optional<Result<void>> outcome_{};
  TaskGroup tasks_;  // last: its coroutines use everything above
};

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

void RenderRun::enter(RenderStage stage) {
  progress_.stage(stage);
  if (events_.on_stage) events_.on_stage(stage);
  publish_progress();
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

RenderResult RenderRun::summary() {
  const auto ms_since = [](Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
  };
  return {.output = plan_.final_output_file,
          .frames = counted_frames_,
          .width = options_.video.width,
          .height = options_.video.height,
          .fps = options_.video.fps,
          .workers = plan_.workers,
          .wall = ms_since(start_),
          .assemble = ms_since(assemble_start_),
          .chunks = std::move(reports_)};
}

}  // namespace

asio::awaitable<Result<RenderResult>> run_render(RenderExecutor& executor, RenderPlan plan, RenderEvents events) {
  co_await asio::this_coro::throw_if_cancelled(false);  // a cancelled render ends with a value, too
  if (events.on_stage) events.on_stage(RenderStage::starting);
  auto composition = resolve_composition(plan.options->composition);
  if (!composition) co_return composition.error();
  auto strand = co_await asio::this_coro::executor;
  auto files = RenderFiles::prepare(strand, plan);
  if (!files) co_return files.error();
  RenderRun run(strand, executor, std::move(plan), std::move(events), std::move(*files), std::move(*composition));
  co_return co_await run.run();
}

}  // namespace orchestrator
