// What composited layers are drawn with is the same in every chunk.
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("capture: text in a composited layer at a fraction of a pixel is the same wherever a chunk begins", "[capture]") {
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe}) {
    Studio studio(mode);
    const std::string page = studio.file("layer.html", R"(<!doctype html><style>
          @keyframes move { to { left: 100px } }
          div { position: absolute; top: 40px; left: 0; font-size: 20px; animation: move 1s linear; will-change: opacity }
        </style><body><div>Hello</div>)");
    const auto take = [&](std::int64_t first) {
      REQUIRE(studio.load(page, {first, 18}).has_value());
      std::string last;
      for (std::int64_t frame = first; frame < 18; ++frame) last = studio.pictures({frame}).front();
      return last;
    };
    const std::string straight = take(0);
    for (const std::int64_t first : {8, 16}) {
      CAPTURE(to_string(mode), first);
      CHECK((take(first) == straight));
    }
  }
}
