// The conformance suite finds each promise that is broken about a chunk, by the check that is there for it.
#include "support/defects.hpp"

#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <memory>
#include <mutex>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace orchestrator::testing;
using namespace std::chrono_literals;

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
