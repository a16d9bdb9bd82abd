#pragma once

#include "aws/retry.hpp"
#include "concurrency_limit.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <optional>

namespace orchestrator {

/// Lets invocations start as the limit allows. Everything on one strand.
class InvocationPlaces {
 public:
  InvocationPlaces(const boost::asio::any_io_executor& loop, int most)
      : limit_(most), changed_(loop, boost::asio::steady_timer::time_point::max()) {}

  /// Waits for a place and takes it; false if there is no need any more: `given_up` became true, or it was cancelled (terminal).
  boost::asio::awaitable<bool> take(const bool& given_up);
  /// The invocation has ended: with success, or as this.
  void free(std::optional<aws::RetryClass> failure);
  /// Have those who wait look again whether they need to.
  void wake() { changed_.cancel(); }
  int running() const noexcept { return limit_.running(); }

 private:
  ConcurrencyLimit limit_;
  boost::asio::steady_timer changed_;  ///< never expires; cancelled when there may be a place
};

}  // namespace orchestrator
