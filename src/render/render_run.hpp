#pragma once

#include "async/event_queue.hpp"
#include "async/task_group.hpp"
#include "media/ffprobe.hpp"
#include "render/progress_sum.hpp"
#include "render/render_files.hpp"
#include "schedule/schedule.hpp"

#include <orchestrator/render_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {

/// One render under way: tells the schedule what happened, and does what it asks for. One strand.
class RenderRun {
 public:
  RenderRun(boost::asio::any_io_executor strand, RenderExecutor& executor, RenderPlan plan, RenderEvents events,
            RenderFiles files, std::string composition);
  /// Until everything has ended. Cancellation: terminal, a value.
  boost::asio::awaitable<Result<RenderResult>> run();

 private:
  using Clock = std::chrono::steady_clock;
  class Context;

  // run_render.cpp: what is asked for
  void perform(const std::vector<ScheduleAction>& actions);
  void perform(const StartChunk& start);
  void perform(const MixAudio&);
  void perform(const AbortTasks&);
  void perform(const Assemble&);
  void perform(const Complete&);
  void perform(const GiveUp& end);
  boost::asio::awaitable<void> watch_deadline();
  RenderStopped stopped(Errc code, std::string detail) const;
  ChunkJob job_for(const RenderChunk& chunk, int attempt) const;
  void enter(RenderStage stage);
  RenderResult summary();

  // render_steps.cpp: the doing of it
  boost::asio::awaitable<void> run_chunk(ChunkJob job);
  boost::asio::awaitable<Result<ChunkResult>> execute(const ChunkJob& job);
  boost::asio::awaitable<void> mix_audio();
  boost::asio::awaitable<void> assemble_output();
  void fail_chunk(const ChunkJob& job, Error error);
  Error explained(Error error) const;
  void chunk_progress(int chunk, std::int64_t encoded);
  void publish_progress();
  ChunkReport& report_of(int chunk) { return reports_[static_cast<std::size_t>(chunk)]; }

  RenderExecutor& executor_;
  RenderPlan plan_;
  const RenderOptions& options_;
  RenderEvents events_;
  RenderFiles files_;
  std::string composition_;
  std::string render_id_;
  Schedule schedule_;
  ProgressSum progress_;
  std::vector<ChunkReport> reports_;
  std::optional<std::filesystem::path> sound_{};
  bool sound_is_there_{false};  ///< or known not to be wanted
  std::optional<ProbedStream> first_verified_{};
  std::int64_t counted_frames_{0};
  Clock::time_point start_{Clock::now()};
  Clock::time_point assemble_start_{};
  EventQueue<ScheduleEvent> happened_;
  boost::asio::steady_timer deadline_;
  std::optional<Result<void>> outcome_{};
  TaskGroup tasks_;  // last: its coroutines use everything above
};

}  // namespace orchestrator
