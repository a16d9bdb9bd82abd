#include "verify/verification.hpp"

#include "verify/verify_run.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

// A cancellation ends the operation under way. One that comes between two operations is noticed only before the next frame, so it
// is repeated until the work has ended.
constexpr std::chrono::milliseconds cancel_interval{250};

/// The loop that a verification runs on, and the ways to end it early.
class VerifyLoop {
 public:
  explicit VerifyLoop(std::chrono::milliseconds limit) {
    if (limit.count() == 0) return;
    deadline_.expires_after(limit);
    deadline_.async_wait([this](boost::system::error_code aborted) {
      if (aborted) return;
      late_ = true;
      cancel();
    });
  }

  Result<VerifyReport> run(asio::awaitable<Result<VerifyReport>> work, const std::stop_token& stop) {
    auto done = [this](const std::exception_ptr& thrown, Result<VerifyReport> result) {
      outcome_ = thrown ? Error{.detail = "the verification threw an exception", .stage = Stage::verify} : std::move(result);
      over_ = true;
      context_.stop();  // all browsers have ended; only timers and the guard of a folder are left
    };
    asio::co_spawn(context_, std::move(work), asio::bind_cancellation_slot(cancel_.slot(), std::move(done)));
    // Cancellation signals are not thread-safe: the request is posted to the loop, never emitted from the requesting thread.
    const std::stop_callback on_stop(stop, [this] { asio::post(context_, [this] { cancel(); }); });
    context_.run();
    return std::move(outcome_);
  }
  bool late() const noexcept { return late_; }

 private:
  void cancel() {
    if (over_) return;
    cancel_.emit(asio::cancellation_type::terminal);
    again_.expires_after(cancel_interval);
    again_.async_wait([this](boost::system::error_code aborted) {
      if (!aborted) cancel();
    });
  }

  asio::cancellation_signal cancel_{};  // outlives the operations it can cancel
  asio::io_context context_{1};
  asio::steady_timer deadline_{context_};
  asio::steady_timer again_{context_};
  Result<VerifyReport> outcome_{Error{}};
  bool late_{false};
  bool over_{false};
};

}  // namespace

Result<VerifyReport> verify(const VerifyOptions& options, const VerifyEvents& events, std::stop_token stop) {
  VerifyLoop loop(options.scene.timeouts.total);
  VerifyRun verification(options, events);
  auto result = loop.run(verification.run(), stop);
  if (result) return result;
  Error error = result.error();
  if (loop.late()) {
    error = {.code = Errc::timed_out,
             .detail = "the verification was not done within " + std::to_string(options.scene.timeouts.total.count()) +
                       " ms (timeouts.total)",
             .stage = Stage::verify};
  } else if (stop.stop_requested()) {
    error = {.code = Errc::cancelled, .detail = "cancelled", .stage = Stage::verify};
  }
  return error;
}

}  // namespace orchestrator
