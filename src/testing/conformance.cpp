#include <orchestrator/testing/conformance.hpp>

#include "base/exception_text.hpp"
#include "testing/checks.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace orchestrator {
inline namespace v0 {
namespace testing {

namespace {

using Run = void (*)(const ConformanceSubject&, ConformanceReport&);

constexpr std::array<ConformanceCheck, 16> all_checks{{
    {"capabilities", "capabilities() is quick, on any thread, throws nothing, and has no slots below 0"},
    {"prepare", "prepare() serves every render, also two at once, holds up no strand, and ends soon when it is cancelled"},
    {"chunk file", "the chunk is a file of its own at the job's place, with the job's frames, and nothing lies beside it"},
    {"progress", "progress comes on the render's strand, never goes back, stays within the chunk, and reaches its end"},
    {"cancel as it starts", "a chunk that is cancelled at once ends soon, leaves nothing, and the next one is rendered"},
    {"cancel while it starts",
     "a chunk that is cancelled a moment later ends soon, leaves nothing, and the next one is rendered"},
    {"cancel under way",
     "a chunk that is cancelled after some of its frames ends soon, leaves nothing, and the next one is rendered"},
    {"cancel near the end",
     "a chunk that is cancelled at its last frame ends soon, with its result or nothing, and the next one is rendered"},
    {"failure",
     "a page's error comes back as it is, with its code and for its chunk, no file is left, and the next chunk is rendered"},
    {"slowness", "a slow chunk is waited for, and holds up no strand meanwhile"},
    {"exceptions", "what a callback throws ends the chunk, but not the executor"},
    {"description",
     "a composition is described, twice alike, on a strand that stays free, and a call that is cancelled ends soon"},
    {"two renders", "two renders at once on two threads have each their own frames"},
    {"destruction", "whenever no call is under way, the executor can be destroyed, soon, and nothing is left"},
    {"slots", "a chunk for which there is no slot waits for one"},
    {"no slots", "without slots a chunk waits, can be cancelled, and is rendered once there are some"},
}};

constexpr std::array<Run, all_checks.size()> runs{check_capabilities,
                                                  check_prepare,
                                                  check_chunk_file,
                                                  check_progress,
                                                  check_cancel_as_it_starts,
                                                  check_cancel_while_it_starts,
                                                  check_cancel_under_way,
                                                  check_cancel_near_the_end,
                                                  check_failure,
                                                  check_slowness,
                                                  check_exceptions,
                                                  check_description,
                                                  check_two_renders,
                                                  check_destruction,
                                                  check_slots,
                                                  check_no_slots};

}  // namespace

std::span<const ConformanceCheck> conformance_checks() noexcept { return all_checks; }

ConformanceReport check_conformance(const ConformanceSubject& subject, std::string_view check) {
  const auto found = std::find_if(all_checks.begin(), all_checks.end(), [&](const auto& one) { return one.name == check; });
  if (found == all_checks.end()) throw std::invalid_argument("no conformance check is called " + std::string(check));
  ConformanceReport report{.check = std::string(check)};
  try {
    runs[static_cast<std::size_t>(found - all_checks.begin())](subject, report);
  } catch (...) {
    report.findings.push_back("the check could not be finished: " + exception_text(std::current_exception()));
  }
  return report;
}

std::vector<ConformanceReport> check_conformance(const ConformanceSubject& subject) {
  std::vector<ConformanceReport> reports;
  for (const ConformanceCheck& check : all_checks) reports.push_back(check_conformance(subject, check.name));
  return reports;
}

std::string to_string(std::span<const ConformanceReport> reports) {
  std::string text;
  for (const ConformanceReport& report : reports) {
    for (const std::string& finding : report.findings) text += report.check + ": " + finding + "\n";
    if (!report.skipped.empty()) text += report.check + " (skipped): " + report.skipped + "\n";
  }
  return text;
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
