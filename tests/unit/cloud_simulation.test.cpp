// The decisions of a render on a thousand functions (Schedule, ConcurrencyLimit, RetryState) in simulated time.
#include "aws/retry.hpp"
#include "lambda/src/concurrency_limit.hpp"
#include "schedule/schedule.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>
#include <queue>
#include <random>

using namespace orchestrator;

namespace {

struct Cloud {
  int capacity{1000};        ///< invocations that the service runs at a time; it refuses more
  double cold_starts{0.05};  ///< share of attempts that wait for a new environment
  double cold_start_s{4};
  double failures{0.01};                ///< share of attempts that break off somewhere
  double shortest_s{8}, longest_s{12};  ///< of a chunk
};

struct Outcome {
  double makespan_s{0};
  double work_s{0};  ///< that the chunks themselves need
  double longest_s{0};
  int refused{0};
  int failed{0};
  bool complete{false};
};

class Simulation {
 public:
  Simulation(Cloud cloud, int chunks, int slots) : cloud_(cloud), schedule_(chunks, slots), limit_(slots) {
    for (int i = 0; i < chunks; ++i) {
      durations_.push_back(std::uniform_real_distribution<>(cloud.shortest_s, cloud.longest_s)(random_));
      retries_.emplace_back(aws::RetryRules{}, budget_);
    }
  }

  Outcome run() {
    perform(schedule_.on(RenderStarted{}));
    while (!ends_.empty() && !outcome_.complete) {
      const End end = ends_.top();
      ends_.pop();
      now_s_ = end.at_s;
      take(end);
      start_waiting();
    }
    outcome_.makespan_s = now_s_;
    for (const double duration : durations_) outcome_.work_s += duration;
    outcome_.longest_s = *std::max_element(durations_.begin(), durations_.end());
    return outcome_;
  }

 private:
  enum class Kind { rendered, broke, refused, again };
  struct End {
    double at_s;
    int chunk;
    Kind kind;
    bool operator>(const End& other) const { return at_s > other.at_s; }
  };

  double chance() { return std::uniform_real_distribution<>(0, 1)(random_); }

  void perform(const std::vector<ScheduleAction>& actions) {
    for (const ScheduleAction& action : actions) {
      if (const auto* start = std::get_if<StartChunk>(&action)) waiting_.push_back(start->chunk);
      if (std::holds_alternative<MixAudio>(action)) mixing_ = true;
      outcome_.complete = outcome_.complete || std::holds_alternative<Assemble>(action);
    }
    if (std::exchange(mixing_, false)) perform(schedule_.on(AudioMixed{}));
    start_waiting();
  }

  void start_waiting() {
    while (!waiting_.empty() && limit_.may_start()) {
      const int chunk = waiting_.front();
      waiting_.pop_front();
      limit_.started();
      invoke(chunk);
    }
  }

  void invoke(int chunk) {
    constexpr double round_trip_s = 0.05;
    if (running_ >= cloud_.capacity) return ends_.push({now_s_ + round_trip_s, chunk, Kind::refused});
    ++running_;
    double time_s = durations_[static_cast<std::size_t>(chunk)] + (chance() < cloud_.cold_starts ? cloud_.cold_start_s : 0);
    const bool breaks = chance() < cloud_.failures;
    if (breaks) time_s *= chance();
    ends_.push({now_s_ + time_s, chunk, breaks ? Kind::broke : Kind::rendered});
  }

  void take(const End& end) {
    if (end.kind == Kind::again) return waiting_.push_front(end.chunk);
    if (end.kind == Kind::refused) {
      ++outcome_.refused;
      limit_.throttled();
      return later(end.chunk, aws::back_off({}, aws::RetryClass::throttled, 1, chance(), std::nullopt));
    }
    --running_;
    if (end.kind == Kind::broke) {
      ++outcome_.failed;
      limit_.failed();
      const auto delay = retries_[static_cast<std::size_t>(end.chunk)].failed(aws::RetryClass::transient, chance(), std::nullopt);
      REQUIRE(delay.has_value());
      return later(end.chunk, *delay);
    }
    limit_.succeeded();
    retries_[static_cast<std::size_t>(end.chunk)].succeeded();
    perform(schedule_.on(ChunkRendered{end.chunk}));
    perform(schedule_.on(ChunkVerified{end.chunk}));
  }

  void later(int chunk, std::chrono::milliseconds delay) {
    ends_.push({now_s_ + std::chrono::duration<double>(delay).count(), chunk, Kind::again});
  }

  Cloud cloud_;
  Schedule schedule_;
  ConcurrencyLimit limit_;
  aws::RetryBudget budget_{};
  std::vector<aws::RetryState> retries_{};
  std::vector<double> durations_{};
  std::deque<int> waiting_{};
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_{};
  std::mt19937 random_{42};
  double now_s_{0};
  int running_{0};
  bool mixing_{false};
  Outcome outcome_{};
};

/// No schedule can be faster: all functions busy all the time, or the longest chunk.
double lower_bound_s(const Outcome& outcome, int functions) { return std::max(outcome.work_s / functions, outcome.longest_s); }

}  // namespace

TEST_CASE("cloud simulation: 10,000 chunks on 1,000 functions take at most 1.3 times what they must", "[lambda]") {
  constexpr int functions = 1'000;
  const Outcome outcome = Simulation({}, 10'000, functions).run();
  REQUIRE(outcome.complete);
  CHECK(outcome.failed > 50);
  const double bound_s = lower_bound_s(outcome, functions);
  CHECK(outcome.makespan_s <= 1.3 * bound_s);
}

TEST_CASE("cloud simulation: where the service takes fewer than asked for, it is kept busy all the same", "[lambda]") {
  for (const int capacity : {10, 100, 600}) {
    CAPTURE(capacity);
    const Outcome outcome = Simulation({.capacity = capacity}, capacity * 10, 1'000).run();
    REQUIRE(outcome.complete);
    CAPTURE(outcome.makespan_s, lower_bound_s(outcome, capacity), outcome.refused);
    CHECK(outcome.refused > 0);
    CHECK(outcome.makespan_s <= 1.5 * lower_bound_s(outcome, capacity));
  }
}
