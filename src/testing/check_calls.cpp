// Checks of prepare(), capabilities(), and of the executor's life as a whole.
#include "base/exception_text.hpp"
#include "base/ms_since.hpp"
#include "testing/checks.hpp"

#include <stop_token>
#include <thread>

namespace orchestrator {
inline namespace v0 {
namespace testing {

using std::chrono::milliseconds;

namespace {

/// Asks for the capabilities, and says what is wrong with the answer.
std::string ask_capabilities(RenderExecutor& executor, milliseconds quick) {
  const auto start = std::chrono::steady_clock::now();
  try {
    const int slots = executor.capabilities().slots;
    if (slots < 0) return "capabilities() has " + std::to_string(slots) + " slots";
  } catch (...) {
    return "capabilities() threw: " + exception_text(std::current_exception());
  }
  const auto took = ms_since(start);
  if (took <= quick) return {};
  return "capabilities() took " + std::to_string(took.count()) + " ms, more than " + std::to_string(quick.count()) +
         " ms (quick)";
}

void note(Bench& bench, std::string wrong, const std::string& when) {
  if (!wrong.empty()) bench.found(when + ": " + std::move(wrong));
}

}  // namespace

void examine_hold(Bench& bench, const TestStrand& strand, const std::string& what) {
  const milliseconds limit = bench.subject().quick;
  if (strand.longest_hold() <= limit) return;
  bench.found(what + " held up the render's strand for " + std::to_string(strand.longest_hold().count()) + " ms, more than " +
              std::to_string(limit.count()) + " ms (quick): it must not block");
}

void check_capabilities(const ConformanceSubject& subject, ConformanceReport& report) {
  Bench bench(subject, report);
  if (!bench.ready()) return;
  note(bench, ask_capabilities(bench.executor(), subject.quick), "before prepare()");
  if (!bench.prepare()) return;
  note(bench, ask_capabilities(bench.executor(), subject.quick), "after prepare()");
  std::string wrong;
  RenderExecutor& executor = bench.executor();  // stays where it is, also if the bench gives it up
  std::jthread asking([&executor, &subject, &wrong](const std::stop_token& stop) {
    while (!stop.stop_requested() && wrong.empty()) {
      wrong = ask_capabilities(executor, subject.quick);
      std::this_thread::sleep_for(milliseconds(20));
    }
  });
  TestStrand& strand = bench.strand();
  strand.render(bench.job(0, 0));
  bench.run(strand);
  asking.request_stop();
  asking.join();
  note(bench, wrong, "on another thread, while a chunk is rendered");
}

void check_prepare(const ConformanceSubject& subject, ConformanceReport& report) {
  Bench bench(subject, report);
  if (!bench.ready()) return;
  for (const int calls : {1, 1, 2}) {
    TestStrand& strand = bench.strand();
    for (int i = 0; i < calls; ++i) strand.prepare();
    if (!bench.run(strand)) return;
    for (const Call& call : strand.calls()) bench.expect_success(call);
    examine_hold(bench, strand, "prepare()");
  }
  bench.end();
  Bench cancelled(subject, report);
  if (!cancelled.ready()) return;
  TestStrand& strand = cancelled.strand();
  const Call& call = strand.prepare(Moment::as_it_starts);
  if (!cancelled.run(strand)) return;
  examine_cancelled(cancelled, call, Ready::perhaps);
  cancelled.prepare();
}

void check_slowness(const ConformanceSubject& subject, ConformanceReport& report) {
  Bench bench(subject, report);
  if (!bench.prepare()) return;
  TestStrand& strand = bench.strand();
  const Call& call = strand.render(slow_job(bench));
  if (!bench.run(strand)) return;
  bench.expect_success(call);
  examine_hold(bench, strand, call.name);
}

void check_destruction(const ConformanceSubject& subject, ConformanceReport& report) {
  { const Bench unused(subject, report); }
  {
    Bench prepared(subject, report);
    if (!prepared.prepare()) return;
  }
  for (const Moment moment : {Moment::never, Moment::while_it_starts}) {
    Bench used(subject, report);
    if (!used.prepare()) return;
    TestStrand& strand = used.strand();
    strand.render(used.job(0, 0), moment);
    used.run(strand);
  }
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
