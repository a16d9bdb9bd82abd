// The check of describe().
#include "testing/checks.hpp"

namespace orchestrator {
inline namespace v0 {
namespace testing {

namespace {

DescribeJob describe_job(Bench& bench) {
  const ChunkJob job = bench.job(0, 0);
  return {.render = job.render, .composition = job.composition, .video = job.video};
}

void examine_description(Bench& bench, const Call& call) {
  if (!bench.expect_success(call)) return;
  if (call.description->contract.empty()) bench.found("the description names no contract");
  if (call.description->compositions.empty()) bench.found("the description has no composition");
}

}  // namespace

void check_description(const ConformanceSubject& subject, ConformanceReport& report) {
  Bench bench(subject, report);
  if (!bench.prepare()) return;
  if (!bench.executor().capabilities().describes) {
    report.skipped = "the executor does not say that it describes compositions (ExecutorCapabilities::describes)";
    return;
  }
  TestStrand& strand = bench.strand();
  const Call& first = strand.describe(describe_job(bench));
  if (!bench.run(strand)) return;
  TestStrand& again = bench.strand();
  const Call& second = again.describe(describe_job(bench));
  if (!bench.run(again)) return;
  examine_description(bench, first);
  examine_description(bench, second);
  examine_hold(bench, strand, first.name);
  if (first.description && second.description && *first.description != *second.description)
    bench.found("the same composition is described in two ways");
  TestStrand& stopping = bench.strand();
  const Call& cancelled = stopping.describe(describe_job(bench), Moment::as_it_starts);
  if (!bench.run(stopping)) return;
  examine_cancelled(bench, cancelled, Ready::perhaps);
  bench.expect_usable("a describe() that was cancelled");
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
