#include "lambda/executor/object_keys.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

TEST_CASE("object keys: no attempt has a key of another, though it be at the same chunk", "[lambda]") {
  const ChunkJob job{.render = "r1", .chunk = 3, .output = "/tmp/1.mp4"};
  const AttemptKeys keys = attempt_keys("p/", job, "1f");
  CHECK(keys.result == "p/renders/r1/chunk-3-1f.mp4");
  CHECK(keys.event == "p/renders/r1/chunk-3-1f.json");
  CHECK(keys.cancel == "p/renders/r1/chunk-3-1f.cancel");
  const AttemptKeys other = attempt_keys("p/", job, "2e");
  CHECK(other.result != keys.result);
  CHECK(other.event != keys.event);
  CHECK(other.cancel != keys.cancel);
}

TEST_CASE("object keys: an attempt's id is one of its own", "[lambda]") {
  const std::string id = random_attempt_id();
  CHECK(id.size() == 16);
  CHECK(id.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(random_attempt_id() != id);
}

TEST_CASE("object keys: a manifest's is made of its text", "[lambda]") {
  CHECK(manifest_key("p/", "{}") == "p/compositions/44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.json");
}
