// The conformance suite finds each broken promise, by the check that is there for it, and nothing where nothing is broken.
#include <orchestrator/testing/conformance.hpp>

#include "support/broken_executor.hpp"
#include "support/contains.hpp"
#include "support/temp_dir.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <set>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace orchestrator::testing;
using namespace std::chrono_literals;

namespace {

using Names = std::set<std::string>;
using Defect = BrokenExecutor::Defect;
using Rendered = asio::awaitable<Result<ChunkResult>>;

constexpr int failing_chunk = 7;
constexpr int slow_chunk = 5;
/// Longer than `quick` and `soon`.
constexpr auto too_long = 2s;

const Names cancels{"cancel as it starts", "cancel while it starts", "cancel under way", "cancel near the end"};

Names operator+(Names some, const Names& more) {
  some.insert(more.begin(), more.end());
  return some;
}

ConformanceSubject subject_in(const TempDir& folder, const Defect& defect) {
  const auto make = [defect](int slots) {
    const Error failure{.code = Errc::page_error, .detail = "on purpose", .stage = Stage::capture, .frame = 4};
    FakeExecutorOptions options{.slots = slots, .frame_delay = 20ms, .failures = {{failing_chunk, failure}}};
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
          .patience = 20s,
          .soon = 1500ms,
          .quick = 1500ms};
}

/// The checks that find something in an executor with this defect; what they say goes to `said`.
Names found_in(const Defect& defect, std::string& said) {
  const TempDir folder;
  Names names;
  const auto reports = check_conformance(subject_in(folder, defect));
  for (const ConformanceReport& report : reports) {
    if (!report.findings.empty()) names.insert(report.check);
  }
  said = to_string(reports);
  return names;
}

void check_found(const Defect& defect, const Names& expected, const std::string& words) {
  std::string said;
  const Names found = found_in(defect, said);
  INFO(said);
  CHECK(found == expected);
  CHECK(contains(said, words));
}

/// A defect of what is reported while a chunk is rendered.
Defect changed_progress(const ChangedContext::Change& change) {
  return {.render = [change](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    ChangedContext changed(context, change);
    co_return co_await self.inner.render_chunk(std::move(job), changed);
  }};
}

/// A defect of how a chunk ends: `change` gets the job and its result, in a coroutine that is not cancelled any more.
using Change = std::function<asio::awaitable<void>(BrokenExecutor&, const ChunkJob&, Result<ChunkResult>&)>;
Defect changed_end(const Change& change) {
  return {.render = [change](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    auto result = co_await self.inner.render_chunk(job, context);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await change(self, job, result);
    co_return result;
  }};
}

bool was_cancelled(const Result<ChunkResult>& result) { return !result && result.error().code == Errc::cancelled; }
bool has_failed(const Result<ChunkResult>& result) { return !result && result.error().code == Errc::page_error; }

/// A process that nobody waits for.
void leave_a_process() { REQUIRE(std::system("setsid sleep 20 > /dev/null 2>&1 &") == 0); }

}  // namespace

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

TEST_CASE("conformance: progress that goes back, too far or not far enough is found", "[ffmpeg]") {
  const auto back = [](ChunkContext& to, std::int64_t captured, std::int64_t encoded) {
    to.progress(captured, encoded == 5 ? 1 : encoded);
  };
  check_found(changed_progress(back), {"progress"}, "goes back");
  const auto beyond = [](ChunkContext& to, std::int64_t captured, std::int64_t encoded) {
    to.progress(captured + 1, encoded + 1);
  };
  check_found(changed_progress(beyond), {"progress"}, "beyond the chunk's 8 frames");
  const auto short_of = [](ChunkContext& to, std::int64_t captured, std::int64_t encoded) {
    if (encoded < 8) to.progress(captured, encoded);
  };
  check_found(changed_progress(short_of), {"progress"}, "ended at 7 of 8");
  const auto ahead = [](ChunkContext& to, std::int64_t captured, std::int64_t encoded) { to.progress(captured / 2, encoded); };
  check_found(changed_progress(ahead), {"progress"}, "more frames encoded than captured");
}

TEST_CASE("conformance: progress on another thread, or after the chunk, is found", "[ffmpeg]") {
  const auto elsewhere = [](ChunkContext& to, std::int64_t captured, std::int64_t encoded) {
    std::jthread([&] {
      try {
        to.progress(captured, encoded);
      } catch (...) {  // of the check with a callback that throws
        static_cast<void>(captured);
      }
    }).join();
  };
  check_found(changed_progress(elsewhere), {"progress"}, "on the render's strand");
  const Defect late{.render = [](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    auto result = co_await self.inner.render_chunk(std::move(job), context);
    const auto strand = co_await asio::this_coro::executor;
    auto timer = std::make_shared<asio::steady_timer>(strand, 50ms);
    timer->async_wait([timer, &context](boost::system::error_code) { context.log(LogLevel::info, "by the way"); });
    co_return result;
  }};
  check_found(late, {"progress"}, "after the end of render_chunk");
}

TEST_CASE("conformance: a cancellation that is not followed soon, or ends as a failure, is found", "[ffmpeg]") {
  const Change dawdle = [](BrokenExecutor&, const ChunkJob&, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (was_cancelled(result)) co_await pause(too_long);
  };
  check_found(changed_end(dawdle), cancels + Names{"no slots"}, "after it was cancelled");
  const Change fail = [](BrokenExecutor&, const ChunkJob&, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (was_cancelled(result)) result = Error{.code = Errc::executor_unavailable, .detail = "lost"};
    co_return;
  };
  check_found(changed_end(fail), cancels + Names{"no slots"}, "was cancelled, but its error is executor_unavailable");
}

TEST_CASE("conformance: an executor that ignores cancellations is found, also if its chunk is done soon", "[ffmpeg]") {
  const Defect ignores{.render = [](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_return co_await self.inner.render_chunk(std::move(job), context);
  }};
  const TempDir folder;
  for (const char* check : {"cancel as it starts", "cancel while it starts", "cancel under way"}) {
    CAPTURE(check);
    const ConformanceReport report = check_conformance(subject_in(folder, ignores), check);
    const std::string said = to_string({&report, 1});
    INFO(said);
    CHECK(contains(said, "has a result although it was cancelled"));
    CHECK(contains(said, "still reported progress"));
    CHECK(contains(said, "more than 1500 ms (soon)"));
  }
  ConformanceSubject patient = subject_in(folder, ignores);
  patient.soon = 1min;
  CHECK(contains(to_string(std::vector{check_conformance(patient, "cancel under way")}), "has a result although"));
  ConformanceSubject impatient = subject_in(folder, ignores);
  impatient.patience = 1s;
  CHECK(contains(to_string(std::vector{check_conformance(impatient, "no slots")}), "has not ended after 1000 ms"));
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

TEST_CASE("conformance: files and processes that a cancelled chunk leaves behind are found", "[ffmpeg]") {
  const Change keep_file = [](BrokenExecutor&, const ChunkJob& job, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (was_cancelled(result)) std::ofstream(job.output) << "half a chunk";
    co_return;
  };
  check_found(changed_end(keep_file), cancels, "left its file behind: chunk-0.mp4");
  const Change keep_process = [](BrokenExecutor&, const ChunkJob&, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (was_cancelled(result)) leave_a_process();
    co_return;
  };
  check_found(changed_end(keep_process), cancels + Names{"destruction", "no slots"}, "sleep 20");
}

TEST_CASE("conformance: an executor that serves no more after a chunk was cancelled or failed, or a callback threw, is found",
          "[ffmpeg]") {
  const auto worn_out_by = [](const std::function<bool(const Result<ChunkResult>&)>& cause) {
    return Defect{.render = [cause](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
      if (self.worn_out) co_return Error{.code = Errc::executor_unavailable, .detail = "worn out"};
      auto result = co_await self.inner.render_chunk(std::move(job), context);
      self.worn_out = cause(result);
      co_return result;
    }};
  };
  check_found(worn_out_by(was_cancelled), cancels + Names{"no slots"}, "worn out");
  check_found(worn_out_by(has_failed), {"failure"}, "not usable after a chunk that failed");
  const Defect by_callback{.render = [](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    if (self.worn_out) co_return Error{.code = Errc::executor_unavailable, .detail = "worn out"};
    try {
      co_return co_await self.inner.render_chunk(std::move(job), context);
    } catch (const std::runtime_error&) {
      self.worn_out = true;
      throw;
    }
  }};
  check_found(by_callback, {"exceptions"}, "not usable after a callback that threw");
}

TEST_CASE("conformance: a failure that is thrown, has another code, leaves something or is none is found", "[ffmpeg]") {
  const Change throws = [](BrokenExecutor&, const ChunkJob&, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (has_failed(result)) throw std::runtime_error("boom");
    co_return;
  };
  check_found(changed_end(throws), {"failure"}, "in place of an error: boom");
  const Change other_code = [](BrokenExecutor&, const ChunkJob&, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (has_failed(result)) result = Error{.code = Errc::internal, .detail = "something went wrong", .chunk = 3, .frame = 99};
    co_return;
  };
  check_found(changed_end(other_code), {"failure"}, "internal, not page_error");
  const Change temporary = [](BrokenExecutor&, const ChunkJob&, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (has_failed(result)) std::ofstream(std::filesystem::temp_directory_path() / "core.dump") << "x";
    co_return;
  };
  check_found(changed_end(temporary), {"failure"}, "core.dump");
  const Change hides = [](BrokenExecutor&, const ChunkJob& job, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (has_failed(result)) result = ChunkResult{.file = job.output, .frames = 8};
    co_return;
  };
  check_found(changed_end(hides), {"failure"}, "must fail has a result");
}

TEST_CASE("conformance: a chunk with too few frames, or other frames, is found", "[ffmpeg]") {
  const Defect too_few{.render = [](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    ChangedContext changed(
        context, [](ChunkContext& to, std::int64_t captured, std::int64_t encoded) { to.progress(captured + 1, encoded + 1); });
    --job.frames.last;
    auto result = co_await self.inner.render_chunk(std::move(job), changed);
    if (result) ++result->frames;
    co_return result;
  }};
  check_found(too_few, {"chunk file"}, "has 7 frames, expected 8");
  const Defect others{.render = [](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
    job.frames = {job.frames.first + 1, job.frames.last + 1};
    co_return co_await self.inner.render_chunk(std::move(job), context);
  }};
  check_found(others, {"chunk file", "two renders"}, "shows frame 1 in place of frame 0");
  const Change miscounts = [](BrokenExecutor&, const ChunkJob&, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (result) result->frames = 0;
    co_return;
  };
  check_found(changed_end(miscounts), {"chunk file"}, "the result says 0 frames");
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

TEST_CASE("conformance: a chunk in another place, in another's file, or with something beside it is found", "[ffmpeg]") {
  const Change elsewhere = [](BrokenExecutor&, const ChunkJob& job, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (!result) co_return;
    result->file = job.output.parent_path().parent_path() / "elsewhere.mp4";
    std::filesystem::rename(job.output, result->file);
  };
  check_found(changed_end(elsewhere), {"chunk file", "two renders"}, "elsewhere.mp4, not the job's output");
  struct First {
    std::mutex mutex{};
    std::filesystem::path file{};
  };
  auto first = std::make_shared<First>();
  const Change same = [first](BrokenExecutor&, const ChunkJob& job, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (!result) co_return;
    const std::scoped_lock lock(first->mutex);
    if (job.chunk == 0) first->file = job.output;
    if (job.chunk == 1) result->file = first->file;
  };
  check_found(changed_end(same), {"chunk file"}, "two chunks have one file");
  const Change untidy = [](BrokenExecutor&, const ChunkJob& job, Result<ChunkResult>& result) -> asio::awaitable<void> {
    if (result) std::ofstream(job.output.parent_path() / "chunk.part") << "x";
    co_return;
  };
  check_found(changed_end(untidy), {"chunk file"}, "chunk.part");
}

TEST_CASE("conformance: an executor that takes one render's chunk for another's is found", "[ffmpeg]") {
  struct Kept {
    std::mutex mutex{};
    std::map<int, std::filesystem::path> files{};
  };
  const Defect mixes{
      .render = [kept = std::make_shared<Kept>()](BrokenExecutor& self, ChunkJob job, ChunkContext& context) -> Rendered {
        auto result = co_await self.inner.render_chunk(job, context);
        const std::scoped_lock lock(kept->mutex);
        const auto [file, is_new] = kept->files.emplace(job.chunk, job.output);
        if (result && !is_new && file->second != job.output && std::filesystem::exists(file->second)) {
          std::filesystem::copy_file(file->second, job.output, std::filesystem::copy_options::overwrite_existing);
        }
        kept->files[job.chunk] = job.output;
        co_return result;
      }};
  check_found(mixes, {"two renders"}, "in place of frame");
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

TEST_CASE("conformance: a chunk that never ends is given up", "[ffmpeg]") {
  const TempDir folder;
  const Defect hangs{.render = [](BrokenExecutor&, ChunkJob, ChunkContext&) -> Rendered {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await pause(1h);
    co_return ChunkResult{};
  }};
  ConformanceSubject subject = subject_in(folder, hangs);
  subject.patience = 500ms;
  const auto report = check_conformance(subject, "cancel as it starts");
  REQUIRE(report.findings.size() == 1);
  CHECK(contains(report.findings.front(), "render_chunk() of chunk 5 has not ended after 500 ms"));
}
