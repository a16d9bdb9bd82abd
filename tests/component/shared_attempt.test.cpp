#include "ssh/shared_attempt.hpp"

#include "support/await.hpp"
#include "support/cancel.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

/// Three who need the same thing at the same time.
struct Three {
  asio::awaitable<Result<void>> attempt(std::optional<Error> failure) {
    ++attempts;
    asio::steady_timer timer(context, 200ms);
    boost::system::error_code ended;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (ended) co_return cancelled_error();
    if (failure) co_return *failure;
    co_return Result<void>{};
  }

  /// Runs all three, each with an attempt of its own, and cancels `cancelled` meanwhile.
  void run(std::optional<Error> failure, std::optional<std::size_t> cancelled = {}) {
    for (std::size_t i = 0; i < 3; ++i) {
      asio::co_spawn(context, without_throwing(shared.run(attempt(failure))),
                     asio::bind_cancellation_slot(cancels[i].slot(), [this, i](std::exception_ptr, Result<void> result) {
                       codes[i] = result ? std::nullopt : std::optional(result.error().code);
                     }));
    }
    asio::steady_timer timer(context, 50ms);
    timer.async_wait([&](boost::system::error_code) {
      if (cancelled) cancels[*cancelled].emit(asio::cancellation_type::terminal);
    });
    context.run_for(10s);
  }

  asio::io_context context{1};
  SharedAttempt shared{context.get_executor()};
  asio::cancellation_signal cancels[3]{};
  std::vector<std::optional<Errc>> codes{Errc::internal, Errc::internal, Errc::internal};
  int attempts{0};
};

using Codes = std::vector<std::optional<Errc>>;
const std::nullopt_t done = std::nullopt;

}  // namespace

TEST_CASE("shared attempt: it is made once for all who wait, and its failure is everyone's", "[process]") {
  Three succeeding, failing;
  succeeding.run({});
  CHECK(succeeding.codes == Codes{done, done, done});
  CHECK(succeeding.attempts == 1);
  failing.run(Error{.code = Errc::executor_unavailable});
  CHECK(failing.codes == Codes(3, Errc::executor_unavailable));
  CHECK(failing.attempts == 1);
}

TEST_CASE("shared attempt: who is cancelled while waiting disturbs nobody", "[process]") {
  Three three;
  three.run({}, 1);
  CHECK(three.codes == Codes{done, Errc::cancelled, done});
  CHECK(three.attempts == 1);
}

TEST_CASE("shared attempt: if who makes it is cancelled, the next one does", "[process]") {
  Three three;
  three.run({}, 0);
  CHECK(three.codes == Codes{Errc::cancelled, done, done});
  CHECK(three.attempts == 2);
}
