// The conformance suite has nothing to say of an executor that keeps its promises, and finds, by the check that is there for it,
// what is wrong with the slots and with all calls but render_chunk().
#include "support/defects.hpp"

#include <catch2/catch.hpp>

#include <memory>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace orchestrator::testing;
using namespace std::chrono_literals;

TEST_CASE("conformance: an executor that keeps all promises has no finding, and no check is left out", "[ffmpeg]") {
  const TempDir folder;
  const auto reports = check_conformance(subject_in(folder, {}));
  CHECK(to_string(reports) == "");
  CHECK(reports.size() == conformance_checks().size());
}

TEST_CASE("conformance: a check that is not one is refused, and what cannot be checked is said to be skipped") {
  const TempDir folder;
  ConformanceSubject subject = subject_in(folder, {});
  CHECK_THROWS_WITH(check_conformance(subject, "speed"), Catch::Contains("speed"));
  subject.give_slots = {};
  CHECK(contains(check_conformance(subject, "no slots").skipped, "give_slots"));
}

TEST_CASE("conformance: an executor that cannot be made is a finding of each check") {
  const TempDir folder;
  ConformanceSubject subject = subject_in(folder, {});
  subject.make = []() -> std::unique_ptr<RenderExecutor> { throw std::runtime_error("no licence"); };
  for (const ConformanceCheck& check : conformance_checks()) {
    if (check.name == "no slots") continue;
    CAPTURE(check.name);
    const auto report = check_conformance(subject, check.name);
    REQUIRE_FALSE(report.findings.empty());
    CHECK(contains(report.findings.front(), "no licence"));
  }
}

TEST_CASE("conformance: an executor that renders more chunks at once than it has slots is found", "[ffmpeg]") {
  const Defect crowded{.render = [](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    FakeExecutor other({.slots = 1, .frame_delay = 20ms});
    static_cast<void>(self);
    co_return co_await other.render_chunk(std::move(job), context);
  }};
  const TempDir folder;
  ConformanceSubject subject = subject_in(folder, crowded);
  subject.make_slow = [](ChunkJob& job) { job.frames.last += 42; };  // so that its time is longer than an ffmpeg's start
  const ConformanceReport report = check_conformance(subject, "slots");
  INFO(to_string({&report, 1}));
  REQUIRE(report.findings.size() == 1);
  CHECK(contains(report.findings.front(), "chunks were rendered at once where there are 2 slots"));
}

TEST_CASE("conformance: slots that come while chunks are rendered count, and too many to fill are not tried", "[ffmpeg]") {
  const TempDir folder;
  const Defect grows{.render = [](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    self.inner.set_slots(4);
    co_return co_await self.inner.render_chunk(std::move(job), context);
  }};
  CHECK(to_string(std::vector{check_conformance(subject_in(folder, grows), "slots")}) == "");
  const Defect large{.capabilities = [](const BrokenExecutor&) { return ExecutorCapabilities{.slots = 1, .most_slots = 100}; }};
  CHECK(contains(check_conformance(subject_in(folder, large), "slots").skipped, "100 slots"));
}

TEST_CASE("conformance: a description that fails, is another one each time, blocks or cannot be cancelled is found", "[ffmpeg]") {
  using Described = asio::awaitable<Result<CompositionDescription>>;
  const Defect fails{.describe = [](BrokenExecutor&, DescribeJob, ChunkContext&) -> Described {
    co_return Error{.code = Errc::internal, .detail = "no eyes"};
  }};
  check_found(fails, {"description"}, "describe() failed: plan: no eyes");
  const Defect changes{.describe = [](BrokenExecutor& self, DescribeJob job, ChunkContext& context) -> Described {
    auto description = co_await self.inner.describe(std::move(job), context);
    if (description) description->compositions.front().frames = ++self.prepared;
    co_return description;
  }};
  check_found(changes, {"description"}, "is described in two ways");
  const Defect blocks{.describe = [](BrokenExecutor& self, DescribeJob job, ChunkContext& context) -> Described {
    std::this_thread::sleep_for(too_long);
    co_return co_await self.inner.describe(std::move(job), context);
  }};
  check_found(blocks, {"description"}, "describe() held up the render's strand");
  const Defect deaf{.describe = [](BrokenExecutor& self, DescribeJob job, ChunkContext& context) -> Described {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await pause(too_long);
    co_return co_await self.inner.describe(std::move(job), context);
  }};
  check_found(deaf, {"description"}, "");
  const Defect empty{
      .describe = [](BrokenExecutor&, DescribeJob, ChunkContext&) -> Described { co_return CompositionDescription{}; }};
  check_found(empty, {"description"}, "the description has no composition");
}

TEST_CASE("conformance: calls that block, and slow chunks that are not waited for, are found", "[ffmpeg]") {
  const Defect slow_answers{.capabilities = [](const BrokenExecutor& self) {
    std::this_thread::sleep_for(too_long);
    return self.inner.capabilities();
  }};
  check_found(slow_answers, {"capabilities"}, "capabilities() took");
  const Defect blocks{.render = [](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    if (job.chunk == slow_chunk) std::this_thread::sleep_for(too_long);
    co_return co_await self.inner.render_chunk(std::move(job), context);
  }};
  check_found(blocks, {"slowness"}, "held up the render's strand");
  const Change impatient = [](BrokenExecutor&, const ChunkJob& job, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (result && job.chunk == slow_chunk) result = Error{.code = Errc::timed_out, .detail = "took too long"};
    co_return;
  };
  check_found(changed_end(impatient), {"slowness", "slots"}, "took too long");
}

TEST_CASE("conformance: capabilities that throw or make no sense are found", "[ffmpeg]") {
  const Defect throws{
      .capabilities = [](const BrokenExecutor&) -> ExecutorCapabilities { throw std::runtime_error("ask later"); }};
  check_found(throws, {"capabilities", "description", "slots", "no slots"}, "ask later");
  const Defect negative{.capabilities = [](const BrokenExecutor&) { return ExecutorCapabilities{.slots = -1}; }};
  check_found(negative, {"capabilities", "slots", "no slots"}, "-1 slots");
}

TEST_CASE("conformance: a prepare() that blocks, or serves one render only, is found", "[ffmpeg]") {
  const Defect blocks{.prepare = [](BrokenExecutor& self) -> asio::awaitable<Result<void>> {
    if (self.prepared == 4) std::this_thread::sleep_for(too_long);
    co_return Result<void>();
  }};
  check_found(blocks, {"prepare"}, "prepare() held up");
  const Defect once{.prepare = [](BrokenExecutor& self) -> asio::awaitable<Result<void>> {
    if (self.prepared > 1) co_return Error{.code = Errc::internal, .detail = "already prepared"};
    co_return Result<void>();
  }};
  check_found(once, {"prepare", "two renders"}, "already prepared");
}

TEST_CASE("conformance: what an executor that was never used leaves behind is found", "[ffmpeg]") {
  const Defect untidy{.end = [](BrokenExecutor& self) {
    if (self.prepared == 0) leave_a_process();
  }};
  check_found(untidy, {"destruction"}, "sleep 20");
}

TEST_CASE("conformance: an executor that fails where it has no slot is found", "[ffmpeg]") {
  const Defect refuses{.render = [](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    if (self.inner.capabilities().slots == 0) co_return Error{.code = Errc::executor_unavailable, .detail = "queue is full"};
    co_return co_await self.inner.render_chunk(std::move(job), context);
  }};
  check_found(refuses, {"no slots"}, "queue is full");
}
