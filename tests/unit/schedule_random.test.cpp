#include "schedule/schedule.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>

using namespace orchestrator;

namespace {

/// Plays executor, mixer and assembler at random and watches what the schedule does.
class Simulation {
 public:
  Simulation(unsigned seed, int chunks, int slots, bool mishaps)
      : random_(seed), chunks_(chunks), slots_(slots), mishaps_(mishaps), schedule_(chunks, slots) {}

  void run() {
    tell(RenderStarted{});
    for (int steps = 0; !over_; ++steps) {
      REQUIRE(steps < 4 * chunks_ + 10);  // it ends
      if (mishaps_ && chance(40)) {
        tell(RenderStopped{{.detail = "stopped"}});
      } else {
        REQUIRE_FALSE(under_way_.empty());  // it never waits for nothing
        happen(pick());
      }
    }
    CHECK(under_way_.empty());
    CHECK(aborts_ <= 1);
    CHECK(completed_ == (aborts_ == 0));
    if (completed_) CHECK(started_.size() == static_cast<std::size_t>(chunks_));
  }

  bool completed() const { return completed_; }

 private:
  enum Kind { rendering, verifying, mixing, assembling };
  using Task = std::pair<Kind, int>;

  bool chance(unsigned one_in) { return random_() % one_in == 0; }

  Task pick() {
    auto task = std::next(under_way_.begin(), static_cast<std::ptrdiff_t>(random_() % under_way_.size()));
    const Task picked = *task;
    under_way_.erase(task);
    return picked;
  }

  void happen(const Task& task) {
    const auto [kind, chunk] = task;
    const bool fails = (mishaps_ && chance(30)) || (aborts_ > 0 && chance(2));
    const Error error{.detail = "failed"};
    if (kind == rendering && !fails) under_way_.insert({verifying, chunk});
    if (kind == rendering) return fails ? tell(ChunkFailed{chunk, error}) : tell(ChunkRendered{chunk});
    if (kind == verifying) return fails ? tell(ChunkFailed{chunk, error}) : tell(ChunkVerified{chunk});
    if (fails) return tell(StepFailed{error});
    kind == mixing ? tell(AudioMixed{}) : tell(Assembled{});
  }

  void tell(const ScheduleEvent& event) {
    for (const ScheduleAction& action : schedule_.on(event)) {
      REQUIRE_FALSE(over_);
      std::visit([this](const auto& todo) { perform(todo); }, action);
    }
  }

  void perform(const StartChunk& start) {
    REQUIRE(aborts_ == 0);
    REQUIRE(start.chunk == static_cast<int>(started_.size()));
    started_.insert(start.chunk);
    under_way_.insert({rendering, start.chunk});
    REQUIRE(std::count_if(under_way_.begin(), under_way_.end(), [](const Task& task) { return task.first == rendering; }) <=
            slots_);
  }
  void perform(const MixAudio&) { under_way_.insert({mixing, 0}); }
  void perform(const AbortTasks&) { ++aborts_; }
  void perform(const Assemble&) {
    REQUIRE(aborts_ == 0);
    REQUIRE(under_way_.empty());
    under_way_.insert({assembling, 0});
  }
  void perform(const Complete&) { over_ = completed_ = true; }
  void perform(const GiveUp&) {
    REQUIRE(under_way_.empty());
    over_ = true;
  }

  std::mt19937 random_;
  int chunks_;
  int slots_;
  bool mishaps_;
  Schedule schedule_;
  std::set<Task> under_way_{};
  std::set<int> started_{};
  int aborts_{0};
  bool over_{false};
  bool completed_{false};
};

}  // namespace

TEST_CASE("schedule: whatever happens in whatever order, it ends, and never breaks its promises", "[schedule]") {
  int completed = 0;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    Simulation simulation(seed, static_cast<int>(seed % 23) + 1, static_cast<int>(seed % 7) + 1, true);
    simulation.run();
    completed += simulation.completed() ? 1 : 0;
  }
  CHECK(completed > 0);
  CHECK(completed < 2000);
}

TEST_CASE("schedule: without mishaps every render completes, in simulation at thousands of slots", "[schedule]") {
  for (unsigned seed = 0; seed < 3; ++seed) {
    Simulation simulation(seed, 1500, 1000, false);
    simulation.run();
    CHECK(simulation.completed());
  }
}
