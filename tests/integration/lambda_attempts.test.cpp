// Attempts at chunks of one render, one after another and beside each other: our function in the emulator's environments, a real
// S3.
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/lambda_account.hpp"
#include "support/notes.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace asio = boost::asio;

namespace {

/// An executor, the loop that its chunks are awaited on, and the chunks of one render.
struct OneRender {
  explicit OneRender(Account& of, const LambdaExecutorOptions& options) : account(of), executor(options) {}

  ChunkJob job(int attempt, FrameRange frames, const std::string& composition) const {
    return {.render = "0123456789abcdef0123456789abcdef",
            .chunk = 3,
            .attempt = attempt,
            .frames = frames,
            .composition = composition,
            .video = {.width = 320, .height = 180, .preset = "ultrafast"},
            .output = account.sandbox.out() / ("attempt-" + std::to_string(attempt) + ".mp4")};
  }
  Result<ChunkResult> render(ChunkJob chunk) { return await(loop, executor.render_chunk(std::move(chunk), notes)); }
  /// Cancels it when `is_time`, which it needs to be within a minute.
  Result<ChunkResult> render_cancelled(ChunkJob chunk, const std::function<bool()>& is_time) {
    return await_cancelled(loop, executor.render_chunk(std::move(chunk), notes), 20ms, is_time);
  }
  std::string scene() const { return account.scene + "/index.html"; }
  std::vector<std::string> objects() const { return account.keys("orchestrator/renders/"); }
  /// What functions do after their callers are gone: nothing, and soon.
  bool is_over() const {
    return comes_true([this] { return account.lambda.counts().running == 0 && objects().empty(); }, 15s);
  }

  Account& account;
  asio::io_context loop{1};
  Notes notes{};
  LambdaExecutor executor;
};

constexpr FrameRange short_range{0, 10};
constexpr FrameRange endless{0, 20'000};

}  // namespace

TEST_CASE("lambda attempts: one that failed or was cancelled does not end the next at the same chunk", "[lambda]") {
  if (!can_test()) return;
  Account account("next");
  OneRender render(account, account.options());
  const auto failed = render.render(render.job(1, short_range, page("throws_at_frame.html")));
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().code == Errc::page_error);
  const auto has_frames = [&] { return contains(render.notes.text, "/1"); };
  const auto cancelled = render.render_cancelled(render.job(2, endless, render.scene()), has_frames);
  REQUIRE_FALSE(cancelled.has_value());
  CHECK(cancelled.error().code == Errc::cancelled);
  const auto done = render.render(render.job(3, short_range, render.scene()));
  INFO(account.lambda.logs());
  REQUIRE(done.has_value());
  CHECK(frame_hashes(done->file).size() == 10);
  CHECK(render.is_over());
}

TEST_CASE("lambda attempts: of two at one chunk at a time, the one that is cancelled takes nothing from the other", "[lambda]") {
  if (!can_test()) return;
  Account account("beside", {.timeout = 120s});
  OneRender render(account, account.options());
  Notes kept_notes;
  std::optional<Result<ChunkResult>> kept;
  const auto keep = [&](std::exception_ptr, Result<ChunkResult> result) { kept = std::move(result); };
  asio::co_spawn(render.loop, render.executor.render_chunk(render.job(1, {0, 600}, render.scene()), kept_notes), keep);
  const auto both_render = [&] { return contains(render.notes.text, "/1") && contains(kept_notes.text, "/1"); };
  const auto cancelled = render.render_cancelled(render.job(2, endless, render.scene()), both_render);
  REQUIRE_FALSE(cancelled.has_value());
  CHECK(cancelled.error().code == Errc::cancelled);
  CHECK_FALSE(kept.has_value());  // or else it was not there to be disturbed
  render.loop.restart();
  while (!kept && render.loop.run_one_for(1min) > 0) {
  }
  INFO(account.lambda.logs());
  REQUIRE(kept.has_value());
  INFO((kept->has_value() ? "" : kept->error().message()));
  REQUIRE(kept->has_value());
  CHECK((*kept)->frames == 600);
  CHECK(render.is_over());
}

TEST_CASE("lambda attempts: a function that nobody hears any more ends with its attempt", "[lambda]") {
  if (!can_test()) return;
  Account account("unheard");
  account.lambda.inject(LambdaFault::reset);
  LambdaExecutorOptions options = account.options();
  options.attempts = 1;
  OneRender render(account, options);
  const auto lost = render.render(render.job(1, endless, render.scene()));
  REQUIRE_FALSE(lost.has_value());
  CHECK(lost.error().code == Errc::executor_unavailable);
  const auto next = render.render(render.job(2, short_range, render.scene()));  // while the other one still runs
  INFO(account.lambda.logs());
  CHECK(next.has_value());
  CHECK(render.is_over());
  CHECK(contains(account.lambda.logs(), ".cancel is there"));
}
