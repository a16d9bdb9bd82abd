#include "render/foreign_project.hpp"

#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("foreign project: the source of a project is known by what it depends on", "[render]") {
  CHECK(contains(foreign_project(R"({"dependencies":{"react":"19","remotion":"4.0.529"}})"), "npx remotion bundle"));
  CHECK(contains(foreign_project(R"({"dependencies":{"@remotion/cli":"4"}})"), "a Remotion project"));
  CHECK(contains(foreign_project(R"({"devDependencies":{"hyperframes":"*"}})"), "a HyperFrames project"));
  CHECK(contains(foreign_project(R"({"dependencies":{"@motion-canvas/core":"3"}})"),
                 "a Motion Canvas project (package.json): run npx vite build"));
  CHECK(contains(foreign_project(R"({"dependencies":{"@revideo/core":"0.11"}})"),
                 "a Revideo project (package.json): run npx vite build"));
}

TEST_CASE("foreign project: nothing else is one", "[render]") {
  for (const char* package :
       {"", "no json", "[]", "{}", R"({"name":"remotion","keywords":["remotion"]})", R"({"dependencies":["remotion"]})",
        R"({"dependencies":{"remotion-player-theme":"1","vite":"8"},"scripts":{"remotion":"x"}})"}) {
    CAPTURE(package);
    CHECK(foreign_project(package) == "");
  }
}
