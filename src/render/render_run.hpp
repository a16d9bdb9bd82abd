#pragma once

#include "async/event_queue.hpp"
#include "async/gate.hpp"
#include "media/ffprobe.hpp"
#include "media/output_format.hpp"
#include "render/render_files.hpp"
#include "render/render_report.hpp"
#include "schedule/schedule.hpp"

#include <orchestrator/render_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>
#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {

/// What a RenderRun is to do.
struct RenderTask {
  /// Whether as many chunks are rendered at a time as the plan says, or as the executor has slots meanwhile.
  enum class Slots { planned, watched };
  /// A film; or the only chunk of a plan_of_chunk(), with its proof.
  enum class Product { film, chunk };

  RenderPlan plan{};
  Slots slots{Slots::planned};
  int at_once{1};  ///< how many chunks run at the same time at first
  Product product{Product::film};
  std::string plan_key{};          ///< for the proof
  bool replaces_anything{false};   ///< of a chunk: also what is finished, or not this chunk's
  bool composition_is_read{true};  ///< false: the executor has all chunks already
  std::vector<std::string> warnings{};
};

/// One render under way, and the only place where plan, executor and assembly meet. It performs the actions that Schedule
/// decides, and reports their outcome to it as events. To be used on one strand.
class RenderRun {
 public:
  using Clock = std::chrono::steady_clock;

  /// `start`: when the render began. Its time limit and its wall time count from there.
  RenderRun(boost::asio::any_io_executor strand, RenderExecutor& executor, RenderTask task, RenderEvents events,
            Clock::time_point start);
  /// Renders. Returns when everything under way has ended. Cancellation: terminal; the result is then Errc::cancelled.
  boost::asio::awaitable<Result<RenderResult>> run();
  /// Of the chunk that run() has rendered, if that is the product.
  const ChunkProof& proof() const noexcept { return proof_; }
  /// The chunk, if another render had finished it before this one could begin; nothing is rendered then.
  const std::optional<RenderedChunk>& found() const noexcept { return found_; }

 private:
  class Context;
  class Rendering;
  using Failed = std::function<void(Error)>;

  Result<void> make_ready();
  /// Looks once more at what lies under the chunk's name, now that nobody else can change it.
  boost::asio::awaitable<Result<void>> look_again();
  /// Refuses a composition whose content is not what the plan, or the first look at it, says.
  boost::asio::awaitable<Result<void>> check_content();
  boost::asio::awaitable<void> follow_schedule();

  // Perform the actions of Schedule. What takes time goes on in coroutines of `tasks_`.
  void perform(const std::vector<ScheduleAction>& actions);
  void perform(const StartChunk& start);
  void perform(const MixAudio&);
  void perform(const AbortTasks&);
  void perform(const Assemble&);
  void perform(const Complete&);
  void perform(const GiveUp& end);

  /// Runs a part of the render to its end. What it throws goes to `failed`, as the error of the render: whoever waits for the
  /// part's event would wait for ever.
  boost::asio::awaitable<void> in_order(boost::asio::awaitable<void> part, Stage stage, Failed failed);
  void start_step(boost::asio::awaitable<void> step, Stage stage);
  void start_watch(boost::asio::awaitable<void> watch);

  boost::asio::awaitable<void> watch_deadline();
  /// Tells the schedule when the executor's slots become more or fewer.
  boost::asio::awaitable<void> watch_slots();
  boost::asio::awaitable<void> run_chunk(ChunkJob job);
  boost::asio::awaitable<Result<ChunkResult>> execute(const ChunkJob& job);
  boost::asio::awaitable<Result<void>> verify(const ChunkJob& job, const ChunkResult& result);
  boost::asio::awaitable<void> mix_audio();
  boost::asio::awaitable<void> assemble_output();
  boost::asio::awaitable<Result<std::int64_t>> join_film();
  boost::asio::awaitable<Result<std::int64_t>> make_chunk();
  boost::asio::awaitable<Result<void>> publish();

  /// The chunk's place in the plan's list, by which Schedule knows it.
  int place_of(const ChunkJob& job) const { return job.chunk - task_.plan.chunks.front().id; }
  ChunkJob job_for(const RenderChunk& chunk, int attempt) const;
  void chunk_progress(int chunk, std::int64_t encoded);
  void fail_chunk(const ChunkJob& job, Error error);
  Error thrown_error(Stage stage) const;
  RenderStopped stopped(Errc code, std::string detail) const;
  Error explained(Error error) const;
  RenderResult summary() const;

  RenderExecutor& executor_;
  RenderTask task_;
  const RenderPlan& plan_;
  const RenderOptions& options_;
  const Container& film_;
  std::optional<RenderFiles> files_{};
  std::string composition_{};  ///< an HTML file or a URL
  PageSettings page_{};        ///< as the chunks get them
  std::string render_id_;
  CompositionContent content_{};  ///< at the beginning, if anybody wants to know
  ChunkProof proof_{};
  std::optional<RenderedChunk> found_{};
  Clock::time_point start_;
  Clock::time_point assemble_start_{};
  Schedule schedule_;
  RenderReport report_;
  std::optional<std::filesystem::path> sound_{};
  bool sound_is_there_{false};  ///< the sound is ready, or none is wanted
  std::optional<ProbedStream> first_verified_{};
  std::int64_t counted_frames_{0};
  int rendering_{0};       ///< chunks that the executor has now
  int most_rendering_{0};  ///< how many it had at most
  EventQueue<ScheduleEvent> happened_;
  boost::asio::any_io_executor strand_;
  boost::asio::steady_timer deadline_;
  boost::asio::steady_timer next_look_;  ///< at the executor's slots
  Gate verifying_;                       ///< hundreds of chunks may finish at once, and each check is an ffprobe
  std::optional<Result<void>> outcome_{};
  TaskGroup tasks_;  // the last member, because its coroutines use all others
};

}  // namespace orchestrator
