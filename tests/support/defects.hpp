#pragma once

#include <orchestrator/testing/conformance.hpp>

#include "support/broken_executor.hpp"
#include "support/contains.hpp"
#include "support/temp_dir.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/this_coro.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>

namespace orchestrator::test {

using Names = std::set<std::string>;
using Defect = BrokenExecutor::Defect;
using Rendered = asio::awaitable<Result<ChunkResult>>;

inline constexpr int failing_chunk = 7;
inline constexpr int slow_chunk = 5;
/// Longer than `quick` and `soon`.
inline constexpr std::chrono::seconds too_long{2};

inline const Names cancels{"cancel as it starts", "cancel while it starts", "cancel under way", "cancel near the end"};

inline Names operator+(Names some, const Names& more) {
  some.insert(more.begin(), more.end());
  return some;
}

inline testing::ConformanceSubject subject_in(const TempDir& folder, const Defect& defect) {
  const auto make = [defect](int slots) {
    const Error failure{.code = Errc::page_error, .detail = "on purpose", .stage = Stage::capture, .frame = 4};
    testing::FakeExecutorOptions options{
        .slots = slots, .frame_delay = std::chrono::milliseconds(20), .failures = {{failing_chunk, failure}}};
    return std::make_unique<BrokenExecutor>(std::move(options), defect);
  };
  return {.make = [make] { return make(2); },
          .folder = folder.path(),
          .video = {.width = 50, .height = 14, .preset = "ultrafast"},
          .frames = 8,
          .make_failing = [](ChunkJob& job) { job.chunk = failing_chunk; },
          .make_slow = [](ChunkJob& job) { job.chunk = slow_chunk; },
          .make_without_slots = [make] { return make(0); },
          .give_slots = [](RenderExecutor& executor) { dynamic_cast<BrokenExecutor&>(executor).inner.set_slots(1); },
          .patience = std::chrono::seconds(20),
          .soon = std::chrono::milliseconds(1500),
          .quick = std::chrono::milliseconds(1500)};
}

/// The checks that find something in an executor with this defect; what they say goes to `said`.
inline Names found_in(const Defect& defect, std::string& said) {
  const TempDir folder;
  Names names;
  const auto reports = testing::check_conformance(subject_in(folder, defect));
  for (const testing::ConformanceReport& report : reports) {
    if (!report.findings.empty()) names.insert(report.check);
  }
  said = testing::to_string(reports);
  return names;
}

inline void check_found(const Defect& defect, const Names& expected, const std::string& words) {
  std::string said;
  const Names found = found_in(defect, said);
  INFO(said);
  CHECK(found == expected);
  CHECK(contains(said, words));
}

/// A defect of what is reported while a chunk is rendered.
inline Defect changed_progress(const ChangedContext::Change& change) {
  return {.render = [change](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    ChangedContext changed(context, change);
    co_return co_await self.inner.render_chunk(std::move(job), changed);
  }};
}

/// A defect of how a chunk ends: `change` gets the job and its result, in a coroutine that is not cancelled any more.
using Change = std::function<asio::awaitable<void>(BrokenExecutor&, const ChunkJob&, Result<ChunkResult>&)>;
inline Defect changed_end(const Change& change) {
  return {.render = [change](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    auto result = co_await self.inner.render_chunk(job, context);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await change(self, job, result);
    co_return result;
  }};
}

inline bool was_cancelled(const Result<ChunkResult>& result) { return !result && result.error().code == Errc::cancelled; }
inline bool has_failed(const Result<ChunkResult>& result) { return !result && result.error().code == Errc::page_error; }

/// A process that nobody waits for.
inline void leave_a_process() { REQUIRE(std::system("setsid sleep 20 > /dev/null 2>&1 &") == 0); }

}  // namespace orchestrator::test
