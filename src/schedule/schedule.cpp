#include "schedule/schedule.hpp"

#include <algorithm>
#include <utility>

namespace orchestrator {

Schedule::Schedule(int chunk_count, int slots)
    : chunks_(static_cast<std::size_t>(std::max(0, chunk_count)), ChunkState::waiting),
      slots_(static_cast<std::size_t>(std::max(1, slots))) {}

std::vector<ScheduleAction> Schedule::on(const ScheduleEvent& event) {
  if (phase_ != Phase::over) {
    std::visit([this](const auto& happened) { apply(happened); }, event);
    decide();
  }
  return std::exchange(actions_, {});
}

void Schedule::apply(const RenderStarted&) {
  phase_ = Phase::rendering;
  step_running_ = true;
  actions_.emplace_back(MixAudio{});  // while the chunks are rendered, so that the sound is ready with them
}

void Schedule::apply(const ChunkRendered& event) { move(event.chunk, ChunkState::verifying); }
void Schedule::apply(const ChunkVerified& event) { move(event.chunk, ChunkState::done); }

void Schedule::apply(const ChunkFailed& event) {
  move(event.chunk, ChunkState::done);
  abort(event.error);
}

void Schedule::apply(const SlotsChanged& event) { slots_ = static_cast<std::size_t>(std::max(0, event.slots)); }

void Schedule::apply(const AudioMixed&) {
  step_running_ = false;
  mixed_ = true;
}

void Schedule::apply(const Assembled&) {
  step_running_ = false;
  if (phase_ != Phase::assembling) return;  // stopped meanwhile: the file is not wanted any more
  phase_ = Phase::over;
  actions_.emplace_back(Complete{});
}

void Schedule::apply(const StepFailed& event) {
  step_running_ = false;
  abort(event.error);
}

void Schedule::apply(const RenderStopped& event) { abort(event.error); }

void Schedule::move(int chunk, ChunkState to) {
  ChunkState& state = chunks_.at(static_cast<std::size_t>(chunk));
  const auto counter = [this](ChunkState counted) -> std::size_t* {
    switch (counted) {
      case ChunkState::rendering: return &rendering_;
      case ChunkState::verifying: return &verifying_;
      case ChunkState::done: return &done_;
      case ChunkState::waiting: return nullptr;
    }
    return nullptr;
  };
  if (std::size_t* before = counter(state)) --*before;
  state = to;
  if (std::size_t* after = counter(state)) ++*after;
}

void Schedule::abort(const Error& error) {
  if (phase_ == Phase::aborting) return;  // the first error is the cause; what other tasks report now is its consequence
  first_error_ = error;
  phase_ = Phase::aborting;
  actions_.emplace_back(AbortTasks{});
}

void Schedule::fill_slots() {
  for (; rendering_ < slots_ && next_chunk_ < chunks_.size(); ++next_chunk_) {
    const int chunk = static_cast<int>(next_chunk_);
    move(chunk, ChunkState::rendering);
    actions_.emplace_back(StartChunk{chunk, 1});
  }
}

void Schedule::decide() {
  const bool quiet = rendering_ + verifying_ == 0 && !step_running_;
  switch (phase_) {
    case Phase::rendering:
      fill_slots();
      if (done_ == chunks_.size() && mixed_) {
        phase_ = Phase::assembling;
        step_running_ = true;
        actions_.emplace_back(Assemble{});
      }
      return;
    case Phase::aborting:
      if (!quiet) return;
      phase_ = Phase::over;
      actions_.emplace_back(GiveUp{*first_error_});
      return;
    case Phase::idle:
    case Phase::assembling:
    case Phase::over: return;
  }
}

}  // namespace orchestrator
