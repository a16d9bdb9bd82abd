#include "render/run_render.hpp"

#include "async/cancelled.hpp"
#include "render/render_run.hpp"
#include "render/resolve_composition.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <random>

namespace orchestrator {

namespace asio = boost::asio;

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

}  // namespace

RenderRun::RenderRun(asio::any_io_executor strand, RenderExecutor& executor, RenderPlan plan, RenderEvents events,
                     RenderFiles files, std::string composition)
    : executor_(executor),
      plan_(std::move(plan)),
      options_(*plan_.options),
      events_(std::move(events)),
      files_(std::move(files)),
      composition_(std::move(composition)),
      render_id_(random_id()),
      schedule_(static_cast<int>(plan_.chunks.size()), plan_.workers),
      progress_(frame_counts(plan_)),
      reports_(empty_reports(plan_)),
      happened_(strand),
      deadline_(strand),
      tasks_(strand) {}

asio::awaitable<Result<RenderResult>> RenderRun::run() {
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

asio::awaitable<void> RenderRun::watch_deadline() {
  co_await asio::this_coro::throw_if_cancelled(false);
  boost::system::error_code aborted;
  co_await deadline_.async_wait(asio::redirect_error(asio::use_awaitable, aborted));
  if (aborted) co_return;
  const auto limit = std::to_string(options_.timeouts.total.count());
  const std::string left = what_is_left(progress_.snapshot(), sound_is_there_);
  happened_.push(stopped(Errc::timed_out, "not done after " + limit + " ms (timeouts.total): " + left));
}

RenderStopped RenderRun::stopped(Errc code, std::string detail) const {
  const Progress now = progress_.snapshot();
  Stage stage = now.frames_done == now.frames_total && !sound_is_there_ ? Stage::audio : Stage::capture;
  if (now.stage == RenderStage::assembling) stage = Stage::assemble;
  return {{.code = code, .detail = std::move(detail), .stage = stage}};
}

void RenderRun::perform(const std::vector<ScheduleAction>& actions) {
  for (const ScheduleAction& action : actions) {
    std::visit([this](const auto& todo) { perform(todo); }, action);
  }
}

void RenderRun::perform(const StartChunk& start) {
  const RenderChunk& chunk = plan_.chunks[static_cast<std::size_t>(start.chunk)];
  if (events_.on_chunk_started) events_.on_chunk_started(chunk.id, start.attempt);
  report_of(start.chunk).attempts = start.attempt;
  tasks_.spawn(run_chunk(job_for(chunk, start.attempt)));
}
void RenderRun::perform(const MixAudio&) { tasks_.spawn(mix_audio()); }
void RenderRun::perform(const AbortTasks&) { tasks_.cancel_all(); }
void RenderRun::perform(const Assemble&) {
  enter(RenderStage::assembling);
  assemble_start_ = Clock::now();
  tasks_.spawn(assemble_output());
}
void RenderRun::perform(const Complete&) {
  auto published = files_.publish();
  outcome_ = published ? Result<void>{} : Result<void>(explained(published.error()));
}
void RenderRun::perform(const GiveUp& end) { outcome_ = Result<void>(end.error); }

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
          .output = files_.chunk_dir() / chunk.output_file};
}

void RenderRun::enter(RenderStage stage) {
  progress_.stage(stage);
  if (events_.on_stage) events_.on_stage(stage);
  publish_progress();
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
