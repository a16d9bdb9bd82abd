#pragma once

#include "testing/bench.hpp"

namespace orchestrator {
inline namespace v0 {
namespace testing {

// The checks, each with a bench or several of its own. What they promise is in conformance.cpp.

void check_capabilities(const ConformanceSubject& subject, ConformanceReport& report);
void check_prepare(const ConformanceSubject& subject, ConformanceReport& report);
void check_chunk_file(const ConformanceSubject& subject, ConformanceReport& report);
void check_progress(const ConformanceSubject& subject, ConformanceReport& report);
void check_cancel_as_it_starts(const ConformanceSubject& subject, ConformanceReport& report);
void check_cancel_while_it_starts(const ConformanceSubject& subject, ConformanceReport& report);
void check_cancel_under_way(const ConformanceSubject& subject, ConformanceReport& report);
void check_cancel_near_the_end(const ConformanceSubject& subject, ConformanceReport& report);
void check_failure(const ConformanceSubject& subject, ConformanceReport& report);
void check_slowness(const ConformanceSubject& subject, ConformanceReport& report);
void check_exceptions(const ConformanceSubject& subject, ConformanceReport& report);
void check_description(const ConformanceSubject& subject, ConformanceReport& report);
void check_two_renders(const ConformanceSubject& subject, ConformanceReport& report);
void check_destruction(const ConformanceSubject& subject, ConformanceReport& report);
void check_slots(const ConformanceSubject& subject, ConformanceReport& report);
void check_no_slots(const ConformanceSubject& subject, ConformanceReport& report);

/// A job of the render `render` that takes its time, so that something can happen meanwhile.
ChunkJob slow_job(Bench& bench, int render = 0);
/// One that takes much longer than `soon`.
ChunkJob endless_job(Bench& bench);

/// What a call may end with that was cancelled: a result only where it may have been ready.
enum class Ready { no, perhaps };
/// Adds a finding if the strand was held up while `what` was called.
void examine_hold(Bench& bench, const TestStrand& strand, const std::string& what);
/// Adds a finding if a call that was cancelled did not end as it must: soon, as cancelled or with its result.
void examine_cancelled(Bench& bench, const Call& call, Ready ready);

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
