#include "serve/picture_cache.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {

PictureFile picture(std::size_t size, char fill) { return std::make_shared<const std::string>(size, fill); }

}  // namespace

TEST_CASE("picture cache: a picture is found from its time to the next one's, of its source only", "[videos]") {
  PictureCache cache(1000);
  const PictureFile first = picture(10, 'a'), second = picture(10, 'b'), other = picture(10, 'c');
  cache.keep(1, {0, 5}, first);
  cache.keep(1, {5, 6}, second);
  cache.keep(2, {3, 9}, other);
  CHECK(cache.find(1, -1) == nullptr);
  CHECK(cache.find(1, 0) == first);
  CHECK(cache.find(1, 4) == first);
  CHECK(cache.find(1, 5) == second);
  CHECK(cache.find(1, 6) == nullptr);
  CHECK(cache.find(2, 2) == nullptr);
  CHECK(cache.find(2, 8) == other);
  CHECK(cache.find(3, 8) == nullptr);
}

TEST_CASE("picture cache: never more bytes than allowed, and what was asked for last stays", "[videos]") {
  PictureCache cache(100);
  for (int time = 0; time < 4; ++time) cache.keep(1, {time, time + 1}, picture(25, 'x'));
  CHECK(cache.bytes() == 100);
  CHECK(cache.find(1, 0) != nullptr);
  cache.keep(1, {4, 5}, picture(26, 'y'));
  CHECK(cache.bytes() == 76);
  CHECK(cache.find(1, 0) != nullptr);
  CHECK(cache.find(1, 1) == nullptr);
  CHECK(cache.find(1, 2) == nullptr);
  CHECK(cache.find(1, 3) != nullptr);
  CHECK(cache.find(1, 4) != nullptr);
  cache.keep(1, {9, 10}, picture(101, 'z'));
  CHECK(cache.bytes() == 0);
  CHECK(cache.find(1, 9) == nullptr);
}

TEST_CASE("picture cache: a picture that comes again takes its own place", "[videos]") {
  PictureCache cache(100);
  cache.keep(1, {0, 0}, picture(40, 'a'));
  const PictureFile again = picture(50, 'b');
  cache.keep(1, {0, 3}, again);
  CHECK(cache.bytes() == 50);
  CHECK(cache.find(1, 1) == again);
}
