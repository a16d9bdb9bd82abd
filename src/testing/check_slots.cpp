// Checks of chunks for which there is no slot.
#include "testing/checks.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

namespace orchestrator {
inline namespace v0 {
namespace testing {

using std::chrono::milliseconds;

namespace {

using Clock = std::chrono::steady_clock;

/// To fill more slots than this would take long.
constexpr int most_filled = 16;
constexpr int chunks_beyond = 2;

int slots_of(const RenderExecutor& executor) {
  const ExecutorCapabilities can = executor.capabilities();
  return std::max({1, can.slots, can.most_slots});
}

/// While it lives, it sees how many slots there are at most.
class SlotWatch {
 public:
  explicit SlotWatch(const RenderExecutor& executor)
      : most_(slots_of(executor)), thread_([this, &executor](const std::stop_token& stop) { look(executor, stop); }) {}
  int most() const { return most_; }

 private:
  void look(const RenderExecutor& executor, const std::stop_token& stop) noexcept {
    try {
      while (!stop.stop_requested()) {
        most_ = std::max<int>(most_, slots_of(executor));
        std::this_thread::sleep_for(milliseconds(20));
      }
    } catch (...) {
      return;  // what capabilities() throws is for another check
    }
  }

  std::atomic<int> most_;
  std::jthread thread_;  // the last member: it uses the other
};

/// From the first frame that a chunk reports to the last one before its end. Before it may have no slot yet, and the end may be
/// told when the slot has gone to another.
struct Span {
  Clock::time_point first{};
  Clock::time_point last{};
};

std::optional<Span> span_of(const Call& call, std::int64_t frames) {
  const auto steps = call.recorder->notes().steps;
  const auto first = std::find_if(steps.begin(), steps.end(), [](const Recorder::Step& step) { return step.captured > 0; });
  if (first == steps.end()) return std::nullopt;
  Span span{first->at, first->at};
  for (auto step = first; step != steps.end() && step->encoded < frames; ++step) span.last = step->at;
  return span;
}

/// How many of them there are at the same time, at most.
std::ptrdiff_t most_at_once(const std::vector<Span>& spans) {
  std::ptrdiff_t most = 0;
  for (const Span& span : spans) {
    const auto has_its_start = [&](const Span& other) { return other.first <= span.first && span.first < other.last; };
    most = std::max(most, std::count_if(spans.begin(), spans.end(), has_its_start));
  }
  return most;
}

}  // namespace

void check_slots(const ConformanceSubject& subject, ConformanceReport& report) {
  Bench bench(subject, report);
  if (!bench.prepare()) return;
  const SlotWatch slots(bench.executor());  // which stays where it is, also if the bench gives it up
  if (slots.most() > most_filled) {
    report.skipped = "the executor has " + std::to_string(slots.most()) + " slots, more than are filled here";
    return;
  }
  TestStrand& strand = bench.strand();
  std::int64_t frames = 0;
  for (int i = slots.most() + chunks_beyond; i > 0; --i) {
    const ChunkJob job = slow_job(bench, i);
    frames = job.frames.count();
    strand.render(job);
  }
  if (!bench.run(strand, 1 + chunks_beyond)) return;  // with one slot, one after the other
  std::vector<Span> spans;
  for (const Call& call : strand.calls()) {
    bench.expect_success(call);
    if (const auto span = span_of(call, frames)) spans.push_back(*span);
  }
  if (spans.empty()) report.skipped = "the chunks reported no progress by which to know how many are rendered at once";
  const auto at_once = most_at_once(spans);
  if (at_once <= slots.most()) return;
  bench.found(std::to_string(at_once) + " chunks were rendered at once where there are " + std::to_string(slots.most()) +
              " slots: those beyond must wait");
}

void check_no_slots(const ConformanceSubject& subject, ConformanceReport& report) {
  if (!subject.make_without_slots || !subject.give_slots) {
    report.skipped = "the subject has no make_without_slots and give_slots";
    return;
  }
  constexpr milliseconds waiting{300};
  Bench bench(subject, report, subject.make_without_slots);
  if (!bench.prepare()) return;
  if (const int slots = bench.executor().capabilities().slots; slots != 0) {
    return bench.found("capabilities() has " + std::to_string(slots) + " slots where there is none");
  }
  TestStrand& hopeless = bench.strand();
  const Call& cancelled = hopeless.render(bench.job(0, 0), Moment::while_it_starts);
  if (!bench.run(hopeless)) return;
  if (!cancelled.cancelled) bench.found("without a slot, " + cancelled.name + " ended at once");
  examine_cancelled(bench, cancelled, Ready::no);
  TestStrand& strand = bench.strand();
  const Call& call = strand.render(bench.job(1, 0));
  strand.linger(waiting);
  if (call.ended) bench.found("without a slot, " + call.name + " did not wait");
  subject.give_slots(bench.executor());
  if (!bench.run(strand)) return;
  bench.expect_success(call);
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
