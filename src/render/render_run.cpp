#include "render/render_run.hpp"

#include "assemble/sound_sources.hpp"
#include "base/ms_since.hpp"
#include "base/random_id.hpp"
#include "base/web_url.hpp"
#include "media/ffmpeg_program.hpp"
#include "plan/composition_content.hpp"
#include "process/machine_size.hpp"
#include "render/built_project.hpp"
#include "render/chunk_place.hpp"
#include "render/read_content.hpp"
#include "render/resolve_composition.hpp"
#include "render/unexpected.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace orchestrator {

namespace asio = boost::asio;

RenderRun::RenderRun(asio::any_io_executor strand, RenderExecutor& executor, RenderTask task, RenderEvents events,
                     Clock::time_point start)
    : executor_(executor),
      task_(std::move(task)),
      plan_(task_.plan),
      options_(*plan_.options),
      film_(task_.product == RenderTask::Product::film ? *find_container(options_.output)
                                                       : chunk_format(options_.video).container),
      render_id_(random_id()),
      start_(start),
      schedule_(static_cast<int>(plan_.chunks.size()), task_.at_once),
      report_(plan_, std::move(events), [this] { happened_.push(stopped(Errc::internal, *report_.thrown())); }),
      happened_(strand),
      strand_(strand),
      deadline_(strand),
      next_look_(strand),
      verifying_(strand, machine_size().cores),
      tasks_(strand) {}

asio::awaitable<Result<RenderResult>> RenderRun::run() {
  co_await asio::this_coro::throw_if_cancelled(false);  // a cancelled render ends with a value, too
  report_.planned(plan_);
  report_.enter(RenderPhase::starting);
  if (report_.thrown()) co_return thrown_error(Stage::start);
  if (auto ready = make_ready(); !ready) co_return ready.error();
  const auto looked = co_await look_again();
  if (!looked) co_return looked.error();
  if (found_) co_return summary();
  const auto expected = co_await check_content();
  if (!expected) co_return expected.error();
  if (options_.timeouts.total.count() > 0) {
    deadline_.expires_at(start_ + options_.timeouts.total);
    start_watch(watch_deadline());
  }
  if (task_.slots == RenderTask::Slots::watched) start_watch(watch_slots());
  report_.enter(RenderPhase::rendering);
  Failed give_up = [this](Error error) {
    tasks_.cancel_all();
    outcome_ = Result<void>(std::move(error));
  };
  co_await in_order(follow_schedule(), Stage::capture, std::move(give_up));
  deadline_.cancel();
  next_look_.cancel();
  co_await tasks_.wait();
  if (!*outcome_) co_return outcome_->error();
  const auto published = co_await publish();
  if (!published) co_return published.error();
  report_.enter(RenderPhase::done);
  if (!report_.thrown()) co_return summary();
  Error error = thrown_error(Stage::assemble);
  const std::string product = task_.product == RenderTask::Product::film ? "film" : "chunk";
  error.detail += "; the " + product + " is finished: " + plan_.final_output_file.string();
  co_return error;
}

Result<void> RenderRun::make_ready() {
  // Every render needs both at its end, when it would be late to say that one is missing.
  if (auto ffmpeg = ffmpeg_program(Stage::start); !ffmpeg) return ffmpeg.error();
  if (auto ffprobe = ffprobe_program(Stage::start); !ffprobe) return ffprobe.error();
  if (task_.composition_is_read) {
    auto composition = resolve_composition(options_.composition);
    if (!composition) return composition.error();
    composition_ = std::move(*composition);
  }
  page_ = with_style_sheets(options_.page, composition_);
  if (auto sounds = check_sound_sources(plan_.mix_options); !sounds) return sounds;
  auto files = RenderFiles::prepare(strand_, plan_);
  if (!files) return files.error();
  files_.emplace(std::move(*files));
  if (!files_->lock_fault().empty()) report_.log(LogLevel::warning, files_->lock_fault());
  for (const std::string& warning : task_.warnings) report_.log(LogLevel::warning, warning);
  return {};
}

asio::awaitable<Result<void>> RenderRun::look_again() {
  if (task_.product != RenderTask::Product::chunk) co_return Result<void>();
  auto there = co_await look_at_chunk(plan_, task_.plan_key, task_.replaces_anything);
  if (!there) co_return there.error();
  if (!there->is_replaced) files_->replace_nothing();
  found_ = std::move(there->finished);
  co_return Result<void>();
}

asio::awaitable<Result<void>> RenderRun::check_content() {
  const bool is_planned = !plan_.content.files.empty();
  const bool is_asked = is_planned || task_.product == RenderTask::Product::chunk;
  if (!is_asked || !task_.composition_is_read || is_web_url(composition_)) co_return Result<void>();
  auto found = co_await content_of(composition_);
  if (!found) {
    const bool must_be_known = is_planned || !content_.files.empty() || found.error().code == Errc::cancelled;
    if (must_be_known) co_return found.error();
    report_.log(LogLevel::warning, "the chunk will not say what it was rendered from: " + found.error().detail);
    co_return Result<void>();
  }
  if (!is_planned && content_.files.empty()) content_ = *found;
  const std::string difference = content_difference(is_planned ? plan_.content : content_, *found);
  content_ = std::move(*found);
  if (difference.empty()) co_return Result<void>();
  const std::string since = is_planned ? " when the plan was made" : " when this chunk was begun";
  co_return Error{.code = Errc::composition_changed,
                  .detail = "composition: " + composition_root(composition_).string() + " is not as it was" + since + ": " +
                            difference +
                            "; plan again if that is meant, and keep plans, chunks, films and logs out of this folder",
                  .stage = Stage::load};
}

asio::awaitable<void> RenderRun::follow_schedule() {
  perform(schedule_.on(RenderStarted{}));
  while (!outcome_) {
    auto event = co_await happened_.next();
    if (!event) event = stopped(Errc::cancelled, "the render was cancelled");
    perform(schedule_.on(*event));
  }
}

asio::awaitable<void> RenderRun::in_order(asio::awaitable<void> part, Stage stage, Failed failed) {
  co_await asio::this_coro::throw_if_cancelled(false);  // what is cancelled ends with an event, too
  std::exception_ptr thrown;
  try {
    co_await std::move(part);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) failed(unexpected(thrown, stage));
}

void RenderRun::start_step(asio::awaitable<void> step, Stage stage) {
  Failed failed = [this](Error error) { happened_.push(StepFailed{std::move(error)}); };
  tasks_.spawn(in_order(std::move(step), stage, std::move(failed)));
}

void RenderRun::start_watch(asio::awaitable<void> watch) {
  Failed failed = [this](Error error) { happened_.push(RenderStopped{std::move(error)}); };
  tasks_.spawn(in_order(std::move(watch), Stage::capture, std::move(failed)));
}

void RenderRun::perform(const std::vector<ScheduleAction>& actions) {
  for (const ScheduleAction& action : actions) {
    std::visit([this](const auto& todo) { perform(todo); }, action);
  }
}
void RenderRun::perform(const StartChunk& start) {
  const RenderChunk& chunk = plan_.chunks[static_cast<std::size_t>(start.chunk)];
  report_.chunk_started(chunk.id, start.attempt);
  ChunkJob job = job_for(chunk, start.attempt);
  Failed failed = [this, job](Error error) { fail_chunk(job, std::move(error)); };
  // What an executor throws is told by executor_call(); the rest of a chunk is its verification.
  tasks_.spawn(in_order(run_chunk(std::move(job)), Stage::verify, std::move(failed)));
}
void RenderRun::perform(const MixAudio&) { start_step(mix_audio(), Stage::audio); }
void RenderRun::perform(const AbortTasks&) { tasks_.cancel_all(); }
void RenderRun::perform(const Assemble&) {
  report_.enter(RenderPhase::assembling);
  assemble_start_ = Clock::now();
  start_step(assemble_output(), Stage::assemble);
}
void RenderRun::perform(const Complete&) { outcome_ = Result<void>(); }
void RenderRun::perform(const GiveUp& end) { outcome_ = Result<void>(end.error); }

ChunkJob RenderRun::job_for(const RenderChunk& chunk, int attempt) const {
  return {.render = render_id_,
          .chunk = chunk.id,
          .attempt = attempt,
          .frames = chunk.frames(),
          .composition = composition_,
          .props = options_.props,
          .composition_id = options_.composition_id,
          .described = options_.described,
          .page = page_,
          .video = options_.video,
          .capture = options_.capture,
          .timeouts = options_.timeouts,
          .output = files_->chunk_dir() / chunk.output_file};
}

Error RenderRun::thrown_error(Stage stage) const { return {.code = Errc::internal, .detail = *report_.thrown(), .stage = stage}; }

RenderStopped RenderRun::stopped(Errc code, std::string detail) const {
  const Progress now = report_.progress();
  const Stage after_frames = sound_is_there_ ? Stage::verify : Stage::audio;
  Stage stage = now.frames_done == now.frames_total ? after_frames : Stage::capture;
  if (now.phase == RenderPhase::assembling) stage = Stage::assemble;
  return {{.code = code, .detail = std::move(detail), .stage = stage}};
}

RenderResult RenderRun::summary() const {
  return {.output = plan_.final_output_file,
          .frames = counted_frames_,
          .width = options_.video.width,
          .height = options_.video.height,
          .fps = options_.video.fps,
          .workers = most_rendering_,
          .wall = ms_since(start_),
          .assemble = ms_since(assemble_start_),
          .chunks = report_.chunks()};
}

}  // namespace orchestrator
