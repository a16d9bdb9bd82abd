#include "lambda/executor/object_keys.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

TEST_CASE("object keys: a chunk's is the same for every attempt and place, and another for any other chunk", "[lambda]") {
  const ChunkJob job{.render = "r1", .chunk = 3, .frames = {30, 60}, .composition = "/a/b.html", .output = "/tmp/1.mp4"};
  const std::string key = chunk_keys("p/", job).result;
  CHECK(key.starts_with("p/renders/r1/chunk-3-"));
  CHECK(key.ends_with(".mp4"));
  ChunkJob again = job, later = job, other = job;
  again.attempt = 2;
  again.output = "/tmp/2.mp4";
  later.frames = {30, 61};
  other.render = "r2";
  CHECK(chunk_keys("p/", again).result == key);
  CHECK(chunk_keys("p/", later).result != key);
  CHECK(chunk_keys("p/", other).result != key);
  CHECK(chunk_keys("p/", again).event == chunk_keys("p/", job).event);
  CHECK(chunk_keys("p/", job).event != key);
}

TEST_CASE("object keys: everything of a render lies below its prefix", "[lambda]") {
  CHECK(cancel_key("", "r1") == "renders/r1/cancel");
  const ChunkJob job{.render = "r1"};
  for (const std::string& key : {cancel_key("p/", "r1"), chunk_keys("p/", job).result, chunk_keys("p/", job).event}) {
    CHECK(key.starts_with(render_prefix("p/", "r1")));
  }
  CHECK(manifest_key("p/", "{}") == "p/compositions/44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a.json");
}
