#include "async/gate.hpp"
#include "support/await.hpp"
#include "support/cancel.hpp"

#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace orchestrator;
using namespace orchestrator::test;
namespace asio = boost::asio;

namespace {

struct Crowd {
  explicit Crowd(int places) : gate(context.get_executor(), places) {}
  asio::awaitable<void> pass() {
    const Gate::Place place = co_await gate.enter();
    if (!place) co_return;
    most = std::max(most, ++inside);
    for (int turn = 0; turn < 3; ++turn) co_await asio::post(context, asio::use_awaitable);
    --inside;
    ++passed;
  }
  asio::io_context context{1};
  Gate gate;
  int inside{0}, most{0}, passed{0};
};

}  // namespace

TEST_CASE("gate: so many are inside at the same time and no more, and all get in", "[async]") {
  const int places = GENERATE(1, 3, 100);
  Crowd crowd(places);
  for (int i = 0; i < 50; ++i) asio::co_spawn(crowd.context, crowd.pass(), asio::detached);
  crowd.context.run();
  CHECK(crowd.passed == 50);
  CHECK(crowd.most == std::min(places, 50));
}

TEST_CASE("gate: who is cancelled while waiting has no place, and takes none from others", "[async]") {
  Crowd crowd(1);
  auto place = await(crowd.context, crowd.gate.enter());
  REQUIRE(place);
  CHECK_FALSE(await_cancelled(crowd.context, crowd.gate.enter(), std::chrono::milliseconds(20)));
  place.reset();
  CHECK_FALSE(await_cancelled(crowd.context, once_cancelled(crowd.gate.enter()), std::chrono::milliseconds(20)));
  CHECK(await(crowd.context, crowd.gate.enter()));
}

TEST_CASE("gate: who leaves by an exception gives the place back", "[async]") {
  Crowd crowd(1);
  const auto throws = [&]() -> asio::awaitable<bool> {
    const Gate::Place place = co_await crowd.gate.enter();
    throw std::runtime_error("boom");
    co_return static_cast<bool>(place);
  };
  CHECK_THROWS(await(crowd.context, throws()));
  CHECK(await_cancelled(crowd.context, crowd.gate.enter(), std::chrono::milliseconds(200)));
}
