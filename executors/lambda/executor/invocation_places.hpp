#pragma once

#include "lambda/executor/invocation_pace.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace orchestrator {

/// Lets invocations start as the pace allows. Everything on one strand.
class InvocationPlaces {
 public:
  InvocationPlaces(const boost::asio::any_io_executor& loop, int most) : pace_(most), changed_(loop, never()) {}

  /// Waits for a place and takes it; false if it was cancelled (terminal).
  boost::asio::awaitable<bool> take();
  /// Whoever took a place calls one of these three when its invocation has ended.
  void succeeded();
  void failed();
  std::chrono::milliseconds refused(InvocationPace::Refusal kind, InvocationPace::Time started, double random,
                                    std::optional<std::chrono::milliseconds> retry_after);
  /// May be called before that, when the service has taken the invocation.
  void accepted();

  int running() const noexcept { return pace_.running(); }

 private:
  void offer();
  /// Makes those who wait look again whether they still have to.
  void wake() { changed_.cancel(); }
  static constexpr InvocationPace::Time never() { return InvocationPace::Time::max(); }

  InvocationPace pace_;
  boost::asio::steady_timer changed_;  ///< cancelled when there may be a place; expires when the pace allows more
};

}  // namespace orchestrator
