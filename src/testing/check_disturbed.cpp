// Checks of chunks that are cancelled, that fail, and whose callbacks throw.
#include "testing/checks.hpp"
#include "testing/compositions.hpp"

namespace orchestrator {
inline namespace v0 {
namespace testing {

using std::chrono::milliseconds;

namespace {

void check_cancel(const ConformanceSubject& subject, ConformanceReport& report, Moment moment) {
  Bench bench(subject, report);
  if (!bench.prepare()) return;
  TestStrand& strand = bench.strand();
  const ChunkJob job = moment == Moment::near_the_end ? slow_job(bench) : endless_job(bench);
  const Call& call = strand.render(job, moment);
  if (!bench.run(strand)) return;
  if (!call.cancelled) {
    bench.expect_success(call);
    report.skipped = "the chunk ended before it could be cancelled, or reported no progress by which to know when";
    return;
  }
  examine_cancelled(bench, call, moment == Moment::near_the_end ? Ready::perhaps : Ready::no);
  for (const std::string& name : names_in(job.output.parent_path())) {
    if (!call.result) bench.found("a cancelled chunk left its file behind: " + name);
  }
  bench.expect_usable("a cancelled chunk");
}

/// A slow chunk of so many frames.
ChunkJob slow_job_of(Bench& bench, std::int64_t frames, int render) {
  ChunkJob job = bench.job(0, 0, render);
  job.frames.last = job.frames.first + frames;
  if (bench.subject().make_slow) {
    bench.subject().make_slow(job);
  } else {
    job.composition = slow_page(bench.subject().folder);
  }
  return job;
}

constexpr int failing_frame = 4;

ChunkJob failing_job(Bench& bench) {
  ChunkJob job = bench.job(0, 0);
  if (bench.subject().make_failing) {
    bench.subject().make_failing(job);
  } else {
    job.composition = failing_page(bench.subject().folder, failing_frame);
  }
  return job;
}

void examine_failure(Bench& bench, const ChunkJob& job, const Call& call) {
  if (!call.threw.empty()) return bench.found("a chunk that fails threw in place of an error: " + call.threw);
  const auto& error = call.error;
  if (!error) return bench.found("a chunk that must fail has a result");
  if (error->code != bench.subject().failure) {
    bench.found("the error's code is " + std::string(orchestrator::to_string(error->code)) + ", not " +
                std::string(orchestrator::to_string(bench.subject().failure)) + ": " + error->message());
  }
  if (error->detail.empty()) bench.found("the error has no detail");
  if (error->chunk && *error->chunk != job.chunk) bench.found("the error names chunk " + std::to_string(*error->chunk));
  if (error->frame && (*error->frame < job.frames.first || *error->frame >= job.frames.last)) {
    bench.found("the error names frame " + std::to_string(*error->frame) + ", which is not of its chunk");
  }
}

/// What a chunk reports later than `soon` after it was cancelled: it goes on.
void examine_late_steps(Bench& bench, const Call& call) {
  if (!call.recorder) return;
  const auto steps = call.recorder->notes().steps;
  if (steps.empty() || steps.back().at <= call.cancelled_at + bench.subject().soon) return;
  const auto late = std::chrono::duration_cast<milliseconds>(steps.back().at - call.cancelled_at);
  bench.found(call.name + " still reported progress (frame " + std::to_string(steps.back().captured) + ") " +
              std::to_string(late.count()) + " ms after it was cancelled");
}

}  // namespace

ChunkJob slow_job(Bench& bench, int render) { return slow_job_of(bench, bench.subject().frames, render); }

/// With the suite's page, a frame takes 0.1 s and more.
ChunkJob endless_job(Bench& bench) {
  constexpr std::int64_t times_as_long = 40;
  return slow_job_of(bench, times_as_long * bench.subject().frames, 0);
}

void examine_cancelled(Bench& bench, const Call& call, Ready ready) {
  if (!call.cancelled) return;
  examine_late_steps(bench, call);
  if (call.result && ready == Ready::no) {
    bench.found(call.name + " has a result although it was cancelled long before it could be done");
  }
  const auto took = std::chrono::duration_cast<milliseconds>(call.ended_at - call.cancelled_at);
  if (took > bench.subject().soon) {
    bench.found(call.name + " ended " + std::to_string(took.count()) + " ms after it was cancelled, more than " +
                std::to_string(bench.subject().soon.count()) + " ms (soon)");
  }
  // An exception is how Asio's operations end when they are cancelled.
  if (!call.error || call.error->code == Errc::cancelled) return;
  bench.found(call.name + " was cancelled, but its error is " + std::string(orchestrator::to_string(call.error->code)) + ": " +
              call.error->message());
}

void check_cancel_as_it_starts(const ConformanceSubject& subject, ConformanceReport& report) {
  check_cancel(subject, report, Moment::as_it_starts);
}
void check_cancel_while_it_starts(const ConformanceSubject& subject, ConformanceReport& report) {
  check_cancel(subject, report, Moment::while_it_starts);
}
void check_cancel_under_way(const ConformanceSubject& subject, ConformanceReport& report) {
  check_cancel(subject, report, Moment::under_way);
}
void check_cancel_near_the_end(const ConformanceSubject& subject, ConformanceReport& report) {
  check_cancel(subject, report, Moment::near_the_end);
}

void check_failure(const ConformanceSubject& subject, ConformanceReport& report) {
  Bench bench(subject, report);
  if (!bench.prepare()) return;
  TestStrand& strand = bench.strand();
  const ChunkJob job = failing_job(bench);
  const Call& call = strand.render(job);
  if (!bench.run(strand)) return;
  examine_failure(bench, job, call);
  for (const std::string& name : names_in(job.output.parent_path())) bench.found("a failed chunk left its file behind: " + name);
  bench.expect_usable("a chunk that failed");
}

void check_exceptions(const ConformanceSubject& subject, ConformanceReport& report) {
  Bench bench(subject, report);
  if (!bench.prepare()) return;
  TestStrand& strand = bench.strand();
  strand.render(bench.job(0, 0), Moment::never, true);
  if (!bench.run(strand)) return;  // whatever it ends with
  bench.expect_usable("a callback that threw");
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
