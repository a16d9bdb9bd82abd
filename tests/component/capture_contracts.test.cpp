// How a page says in what way it is driven: by names on its window, or by names that its scripts declare.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// The contract with which a page of this script is loaded, or why it is not.
std::string contract_of(Studio& studio, const std::string& script, PageSettings settings = {}) {
  const auto loaded =
      studio.load(studio.file("page.html", "<body><script>" + script + "</script>"), {0, 4}, {}, std::move(settings));
  return loaded ? loaded->contract : loaded.error().message();
}

}  // namespace

TEST_CASE("contracts: const, let and class declare what a page is driven by, as the window's properties do", "[capture]") {
  const std::string body = "(frame) => { document.body.style.background = frame === 2 ? '#0f0' : '#000'; }";
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    for (const std::string way : {"window.renderFrame = ", "const renderFrame = ", "let renderFrame = "}) {
      CAPTURE(way);
      CHECK(contract_of(studio, way + body) == "renderFrame");
      const auto pictures = studio.pictures({2, 3, 2});
      CHECK(pictures[0] == pictures[2]);
      CHECK(pictures[0] != pictures[1]);
    }
    const std::string late = R"(const orchestratorReady = new Promise((ready) => setTimeout(() => {
        window.renderFrame = () => {};
        ready();
      }, 200));
      const orchestratorComposition = {frames: 3};)";
    CHECK(contains(contract_of(studio, late), "has 3 frames"));
  }
}

TEST_CASE("contracts: a name that is there but of no use is told", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  CHECK(contract_of(studio, "const renderFrame = 'x'; orchestratorComposition = 10;") == "virtual clock");
  CHECK(contains(studio.log(), "window.renderFrame is no function"));
  CHECK(contains(studio.log(), "window.orchestratorComposition does not say how many frames there are"));
  CHECK(contains(contract_of(studio, "renderFrame = {};", {.strict = true}), "window.renderFrame is no function"));
}
