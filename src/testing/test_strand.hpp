#pragma once

#include "testing/recorder.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <string>

namespace orchestrator {
inline namespace v0 {
namespace testing {

/// When a call is cancelled. `under_way`: after a few frames, or some seconds if none are reported.
enum class Moment { never, as_it_starts, while_it_starts, under_way, near_the_end };

/// One call of an executor, and what has come of it.
struct Call {
  std::string name{};
  Moment cancel_at{Moment::never};
  bool callback_throws{false};  ///< its ChunkContext throws at each progress

  std::shared_ptr<Recorder> recorder{};  ///< of a chunk
  boost::asio::cancellation_signal signal{};
  bool cancelled{false};
  std::chrono::steady_clock::time_point cancelled_at{};
  bool ended{false};
  std::chrono::steady_clock::time_point ended_at{};
  // One of these, once it has ended:
  std::optional<ChunkResult> result{};                  ///< of prepare() and describe() an empty one
  std::optional<CompositionDescription> description{};  ///< of describe()
  std::optional<Error> error{};
  std::string threw{};
};

/// Calls an executor as a render does: from one strand, on a loop that the calling thread runs.
class TestStrand {
 public:
  explicit TestStrand(RenderExecutor& executor);

  /// Starts with run(). The reference stays valid.
  Call& prepare(Moment cancel_at = Moment::never);
  Call& render(const ChunkJob& job, Moment cancel_at = Moment::never, bool callback_throws = false);
  Call& describe(const DescribeJob& job, Moment cancel_at = Moment::never);
  /// Returns when all calls have ended; false if one has not within `patience`.
  bool run(std::chrono::milliseconds patience);
  /// Goes on for a while, for what comes too late.
  void linger(std::chrono::milliseconds time);

  /// The longest time for which the strand could do nothing else.
  std::chrono::milliseconds longest_hold() const { return longest_hold_; }
  const std::list<Call>& calls() const { return calls_; }
  /// An exception that left through the render's loop, where only a program's end can follow; empty if there was none.
  const std::string& stray_exception() const { return stray_exception_; }

 private:
  void start(Call& call, boost::asio::awaitable<Result<ChunkResult>> work);
  void cancel(Call& call);
  void cancel_later(Call& call, std::chrono::milliseconds time);
  void note_step(Call& call, std::int64_t frames, const Recorder::Step& step);
  boost::asio::awaitable<Result<ChunkResult>> prepared();
  boost::asio::awaitable<Result<ChunkResult>> described(DescribeJob job, Call& call);
  bool all_ended() const;
  void run_until(std::chrono::steady_clock::time_point deadline);
  boost::asio::awaitable<void> watch_holds();

  RenderExecutor& executor_;
  boost::asio::io_context loop_{1};
  Strand strand_{loop_.get_executor()};
  std::list<Call> calls_{};
  std::chrono::milliseconds longest_hold_{0};
  std::string stray_exception_{};
};

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
