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
  const bool is_under_way = moment == Moment::half_way || moment == Moment::near_the_end;
  const ChunkJob job = is_under_way ? slow_job(bench) : bench.job(0, 0);
  const Call& call = strand.render(job, moment);
  if (!bench.run(strand)) return;
  if (!call.cancelled) {
    bench.expect_success(call);
    report.skipped = "the chunk ended before it could be cancelled, or reported no progress by which to know when";
    return;
  }
  examine_cancelled(bench, call);
  for (const std::string& name : names_in(job.output.parent_path())) {
    if (!call.result) bench.found("a cancelled chunk left its file behind: " + name);
  }
  bench.expect_usable("a cancelled chunk");
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

}  // namespace

void examine_cancelled(Bench& bench, const Call& call) {
  if (!call.cancelled) return;
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
void check_cancel_half_way(const ConformanceSubject& subject, ConformanceReport& report) {
  check_cancel(subject, report, Moment::half_way);
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
