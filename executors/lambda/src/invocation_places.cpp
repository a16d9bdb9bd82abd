#include "invocation_places.hpp"

#include "process/cancelled.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;

asio::awaitable<bool> InvocationPlaces::take(const bool& given_up) {
  bool stopped = co_await is_cancelled();
  while (!stopped && !given_up && !limit_.may_start()) {
    boost::system::error_code woken;
    co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    stopped = co_await is_cancelled();
  }
  if (stopped || given_up) co_return false;
  limit_.started();
  co_return true;
}

void InvocationPlaces::free(std::optional<aws::RetryClass> failure) {
  if (!failure) {
    limit_.succeeded();
  } else if (*failure == aws::RetryClass::throttled) {
    limit_.throttled();
  } else {
    limit_.failed();
  }
  wake();
}

}  // namespace orchestrator
