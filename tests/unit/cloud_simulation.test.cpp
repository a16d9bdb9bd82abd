// The decisions of a render on a thousand functions (Schedule, InvocationPace, RetryState) in simulated time.
#include "lambda/aws/retry.hpp"
#include "lambda/executor/invocation_pace.hpp"
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
  double refuses_all_until_s{0};
  InvocationPace::Refusal refusal{InvocationPace::Refusal::concurrency};  ///< what it says then
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
  Simulation(Cloud cloud, int chunks, int slots)
      : cloud_(cloud), schedule_(chunks, slots), pace_(slots), budget_(2 * aws::RetryBudget::retry_cost * slots) {
    for (int i = 0; i < chunks; ++i) {
      durations_.push_back(std::uniform_real_distribution<>(cloud.shortest_s, cloud.longest_s)(random_));
      retries_.emplace_back(aws::RetryRules{}, budget_);
    }
  }

  Outcome run(double until_s = 100'000) {
    perform(schedule_.on(RenderStarted{}));
    while (!events_.empty() && !outcome_.complete && events_.top().at_s < until_s) {
      const Event event = events_.top();
      events_.pop();
      now_s_ = event.at_s;
      take(event);
      start_waiting();
    }
    outcome_.makespan_s = now_s_;
    for (const double duration : durations_) outcome_.work_s += duration;
    outcome_.longest_s = *std::max_element(durations_.begin(), durations_.end());
    return outcome_;
  }

 private:
  enum class Kind { accepted, rendered, broke, refused, again, look };
  struct Event {
    double at_s;
    int chunk;
    Kind kind;
    double started_s{0};
    bool operator>(const Event& other) const { return at_s > other.at_s; }
  };

  double chance() { return std::uniform_real_distribution<>(0, 1)(random_); }
  static InvocationPace::Time time(double seconds) {
    return InvocationPace::Time(std::chrono::duration_cast<InvocationPace::Time::duration>(
        std::chrono::duration<double>(1 + seconds)));  // later than the clock's beginning, as any
  }

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
    while (!waiting_.empty() && pace_.may_start(time(now_s_))) {
      const int chunk = waiting_.front();
      waiting_.pop_front();
      pace_.started();
      invoke(chunk);
    }
    const double held_s = std::chrono::duration<double>(pace_.not_before() - time(0)).count();
    if (!waiting_.empty() && held_s > now_s_) events_.push({held_s + 1e-6, 0, Kind::look});
  }

  void invoke(int chunk) {
    constexpr double round_trip_s = 0.05;
    if (now_s_ < cloud_.refuses_all_until_s || running_ >= cloud_.capacity) {
      return events_.push({now_s_ + round_trip_s, chunk, Kind::refused, now_s_});
    }
    ++running_;
    const double cold_s = chance() < cloud_.cold_starts ? cloud_.cold_start_s : 0;
    double time_s = cold_s + durations_[static_cast<std::size_t>(chunk)];
    const bool breaks = chance() < cloud_.failures;
    if (breaks) time_s = cold_s + (time_s - cold_s) * chance();
    events_.push({now_s_ + cold_s + round_trip_s, chunk, Kind::accepted});
    events_.push({now_s_ + time_s + round_trip_s, chunk, breaks ? Kind::broke : Kind::rendered});
  }

  void take(const Event& event) {
    switch (event.kind) {
      case Kind::look: return;
      case Kind::again: return waiting_.push_front(event.chunk);
      case Kind::accepted: return pace_.accepted();
      case Kind::refused: return take_refusal(event);
      case Kind::broke: return take_failure(event.chunk);
      case Kind::rendered: return take_chunk(event.chunk);
    }
  }

  void take_refusal(const Event& event) {
    ++outcome_.refused;
    const auto kind = now_s_ < cloud_.refuses_all_until_s ? cloud_.refusal : InvocationPace::Refusal::concurrency;
    later(event.chunk, pace_.refused(kind, time(event.started_s), time(now_s_), chance(), std::nullopt));
  }

  void take_failure(int chunk) {
    --running_;
    ++outcome_.failed;
    pace_.failed();
    const auto delay = retries_[static_cast<std::size_t>(chunk)].failed(aws::RetryClass::transient, chance(), std::nullopt);
    REQUIRE(delay.has_value());
    later(chunk, *delay);
  }

  void take_chunk(int chunk) {
    --running_;
    pace_.succeeded();
    retries_[static_cast<std::size_t>(chunk)].succeeded();
    perform(schedule_.on(ChunkRendered{chunk}));
    perform(schedule_.on(ChunkVerified{chunk}));
  }

  void later(int chunk, std::chrono::milliseconds delay) {
    events_.push({now_s_ + std::chrono::duration<double>(delay).count(), chunk, Kind::again});
  }

  Cloud cloud_;
  Schedule schedule_;
  InvocationPace pace_;
  aws::RetryBudget budget_;
  std::vector<aws::RetryState> retries_{};
  std::vector<double> durations_{};
  std::deque<int> waiting_{};
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_{};
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

TEST_CASE("cloud simulation: a service that runs a tenth of what is asked for is used to the full", "[lambda]") {
  Cloud shared;
  shared.capacity = 100;
  const Outcome outcome = Simulation(shared, 1'000, 1'000).run();
  REQUIRE(outcome.complete);
  CHECK(outcome.makespan_s <= 1.3 * lower_bound_s(outcome, shared.capacity));
  CHECK(outcome.refused < 2'000);
}

TEST_CASE("cloud simulation: a service that refuses everything at first is used to the full soon after", "[lambda]") {
  for (const auto refusal : {InvocationPace::Refusal::concurrency, InvocationPace::Refusal::rate}) {
    CAPTURE(static_cast<int>(refusal));
    Cloud late;
    late.refuses_all_until_s = 3;
    late.refusal = refusal;
    const Outcome outcome = Simulation(late, 2'000, 1'000).run();
    REQUIRE(outcome.complete);
    const double untroubled_s = Simulation({}, 2'000, 1'000).run().makespan_s;
    CHECK(outcome.makespan_s <= untroubled_s + 4 * late.refuses_all_until_s);
  }
}

TEST_CASE("cloud simulation: a service that takes nothing is asked ever more rarely", "[lambda]") {
  Cloud closed;
  closed.refuses_all_until_s = 1e9;
  const Outcome outcome = Simulation(closed, 100, 100).run(600);
  CHECK(outcome.refused >= 100 + 600 / 20);
  CHECK(outcome.refused < 100 + 200);
}
