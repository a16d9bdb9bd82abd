#include "render/foreign_project.hpp"

#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("foreign project: the source of a project is known by what it depends on", "[render]") {
  CHECK(contains(foreign_project("", R"({"dependencies":{"react":"19","remotion":"4.0.529"}})"), "npx remotion bundle"));
  CHECK(contains(foreign_project("", R"({"dependencies":{"@remotion/cli":"4"}})"), "a Remotion project"));
  CHECK(contains(foreign_project("", R"({"devDependencies":{"hyperframes":"*"}})"), "a HyperFrames project"));
  CHECK(contains(foreign_project("", R"({"dependencies":{"@motion-canvas/core":"3"}})"), "a Motion Canvas project"));
  CHECK(contains(foreign_project("", R"({"dependencies":{"@revideo/core":"0.11"}})"), "a Revideo project"));
}

TEST_CASE("foreign project: a built one is known by its script, whatever else there is", "[render]") {
  for (const char* package : {"", "{}", R"({"dependencies":{"remotion":"4"}})"}) {
    const std::string text = foreign_project("src/project.js", package);
    CHECK(contains(text, "a built Motion Canvas or Revideo project (src/project.js)"));
    CHECK(contains(text, "window.renderFrame"));
  }
}

TEST_CASE("foreign project: nothing else is one", "[render]") {
  for (const char* package :
       {"", "no json", "[]", "{}", R"({"name":"remotion","keywords":["remotion"]})", R"({"dependencies":["remotion"]})",
        R"({"dependencies":{"remotion-player-theme":"1","vite":"8"},"scripts":{"remotion":"x"}})"}) {
    CAPTURE(package);
    CHECK(foreign_project("", package) == "");
  }
}
