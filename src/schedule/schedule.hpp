#pragma once

#include <orchestrator/error.hpp>

#include <optional>
#include <variant>
#include <vector>

namespace orchestrator {

// Events: what has happened in a render.
struct RenderStarted {};
struct ChunkRendered {  ///< the executor has finished the chunk and its slot is free; the chunk is yet to be verified
  int chunk{0};
};
struct ChunkVerified {
  int chunk{0};
};
struct ChunkFailed {  ///< while it was rendered or verified
  int chunk{0};
  Error error{};
};
struct SlotsChanged {  ///< the executor renders so many chunks at a time from now on
  int slots{0};
};
struct AudioMixed {};
struct Assembled {};
struct StepFailed {  ///< mixing or assembling failed
  Error error{};
};
struct RenderStopped {  ///< cancelled from outside, or out of time
  Error error{};
};
using ScheduleEvent = std::variant<RenderStarted, ChunkRendered, ChunkVerified, ChunkFailed, SlotsChanged, AudioMixed, Assembled,
                                   StepFailed, RenderStopped>;

// Actions: what the caller has to do next.
struct StartChunk {
  int chunk{0};
  int attempt{1};
};
struct MixAudio {};
struct AbortTasks {};  ///< cancel all tasks under way; each still reports its end
struct Assemble {};    ///< join the chunks and the sound, which are all ready
struct Complete {};    ///< publish the finished file
struct GiveUp {        ///< end with this error; no task is under way any more
  Error error{};
};
using ScheduleAction = std::variant<StartChunk, MixAudio, AbortTasks, Assemble, Complete, GiveUp>;

/// Decides which chunk starts when, and how a render ends: a pull queue over `slots` places. Pure state machine: no I/O, no
/// clock, no threads; events in, actions out. The caller performs the actions and reports what came of them.
class Schedule {
 public:
  Schedule(int chunk_count, int slots);
  std::vector<ScheduleAction> on(const ScheduleEvent& event);

 private:
  enum class Phase { idle, rendering, assembling, aborting, over };
  enum class ChunkState : char { waiting, rendering, verifying, done };

  void apply(const RenderStarted&);
  void apply(const ChunkRendered& event);
  void apply(const ChunkVerified& event);
  void apply(const ChunkFailed& event);
  void apply(const SlotsChanged& event);
  void apply(const AudioMixed&);
  void apply(const Assembled&);
  void apply(const StepFailed& event);
  void apply(const RenderStopped& event);
  void move(int chunk, ChunkState to);
  void abort(const Error& error);
  void decide();
  void fill_slots();

  std::vector<ChunkState> chunks_;
  std::size_t slots_;
  Phase phase_{Phase::idle};
  std::size_t next_chunk_{0};
  std::size_t rendering_{0};
  std::size_t verifying_{0};
  std::size_t done_{0};
  bool step_running_{false};  ///< mixing or assembling is under way
  bool mixed_{false};
  std::optional<Error> first_error_{};
  std::vector<ScheduleAction> actions_{};
};

}  // namespace orchestrator
