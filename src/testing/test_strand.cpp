#include "testing/test_strand.hpp"

#include "base/exception_text.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <stdexcept>

namespace orchestrator {
inline namespace v0 {
namespace testing {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

/// Enough for a worker's process to be there, and too little for a browser.
constexpr milliseconds while_starting{150};

// Under way: so many frames, or so long after the start of a chunk that reports none.
constexpr std::int64_t few_frames = 4;
constexpr milliseconds without_progress{10'000};

constexpr milliseconds hold_interval{10};

}  // namespace

TestStrand::TestStrand(RenderExecutor& executor) : executor_(executor) { asio::co_spawn(strand_, watch_holds(), asio::detached); }

asio::awaitable<void> TestStrand::watch_holds() {
  for (;;) {
    const auto due = Clock::now() + hold_interval;
    co_await pause(hold_interval);
    longest_hold_ = std::max(longest_hold_, std::chrono::duration_cast<milliseconds>(Clock::now() - due));
  }
}

asio::awaitable<Result<ChunkResult>> TestStrand::prepared() {
  const auto done = co_await executor_.prepare();
  if (!done) co_return done.error();
  co_return ChunkResult{};
}

Call& TestStrand::prepare(Moment cancel_at) {
  Call& call = calls_.emplace_back();
  call.name = "prepare()";
  call.cancel_at = cancel_at;
  start(call, prepared());
  return call;
}

Call& TestStrand::render(const ChunkJob& job, Moment cancel_at, bool callback_throws) {
  Call& call = calls_.emplace_back();
  call.name = "render_chunk() of chunk " + std::to_string(job.chunk);
  call.cancel_at = cancel_at;
  call.callback_throws = callback_throws;
  const std::int64_t frames = job.frames.count();
  call.recorder =
      std::make_shared<Recorder>(strand_, [this, &call, frames](const Recorder::Step& step) { note_step(call, frames, step); });
  start(call, executor_.render_chunk(job, *call.recorder));
  return call;
}

asio::awaitable<Result<ChunkResult>> TestStrand::described(DescribeJob job, Call& call) {
  auto done = co_await executor_.describe(std::move(job), *call.recorder);
  if (!done) co_return done.error();
  call.description = std::move(*done);
  co_return ChunkResult{};
}

Call& TestStrand::describe(const DescribeJob& job, Moment cancel_at) {
  Call& call = calls_.emplace_back();
  call.name = "describe()";
  call.cancel_at = cancel_at;
  call.recorder = std::make_shared<Recorder>(strand_, [](const Recorder::Step&) {});
  start(call, described(job, call));
  return call;
}

void TestStrand::start(Call& call, asio::awaitable<Result<ChunkResult>> work) {
  auto note_end = [&call](const std::exception_ptr& thrown, Result<ChunkResult> result) {
    call.ended = true;
    call.ended_at = Clock::now();
    if (call.recorder) call.recorder->end();
    if (thrown) {
      call.threw = exception_text(thrown);
    } else if (result) {
      call.result = std::move(*result);
    } else {
      call.error = result.error();
    }
  };
  asio::co_spawn(strand_, std::move(work), asio::bind_cancellation_slot(call.signal.slot(), std::move(note_end)));
  if (call.cancel_at == Moment::as_it_starts) cancel(call);
  if (call.cancel_at == Moment::while_it_starts) cancel_later(call, while_starting);
  if (call.cancel_at == Moment::under_way) cancel_later(call, without_progress);
}

/// Posted, so that it comes when the call waits for something, as a render's cancellation does.
void TestStrand::cancel(Call& call) {
  asio::post(strand_, [&call] {
    if (call.ended || call.cancelled) return;
    call.cancelled = true;
    call.cancelled_at = Clock::now();
    call.signal.emit(asio::cancellation_type::terminal);
  });
}

void TestStrand::cancel_later(Call& call, milliseconds time) {
  auto timer = std::make_shared<asio::steady_timer>(strand_, time);
  timer->async_wait([this, timer, &call](boost::system::error_code) { cancel(call); });
}

void TestStrand::note_step(Call& call, std::int64_t frames, const Recorder::Step& step) {
  if (call.cancel_at == Moment::under_way && step.captured >= few_frames) cancel(call);
  if (call.cancel_at == Moment::near_the_end && step.captured >= frames - 1) cancel(call);
  if (call.callback_throws) throw std::runtime_error("the user's callback threw");
}

bool TestStrand::all_ended() const {
  return std::all_of(calls_.begin(), calls_.end(), [](const Call& call) { return call.ended; });
}

bool TestStrand::run(milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  while (!all_ended() && Clock::now() < deadline) run_until(deadline);
  linger(2 * hold_interval);  // a hold is noticed when it is over
  return all_ended();
}

void TestStrand::linger(milliseconds time) {
  for (const auto deadline = Clock::now() + time; Clock::now() < deadline;) run_until(deadline);
}

void TestStrand::run_until(Clock::time_point deadline) {
  try {
    loop_.run_one_until(deadline);
  } catch (...) {
    stray_exception_ = exception_text(std::current_exception());
  }
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
