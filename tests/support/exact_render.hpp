#pragma once

#include "support/sandbox.hpp"

#include <catch2/catch.hpp>

#include <chrono>

namespace orchestrator::test {

/// Renders the 48 frames of a scene in six chunks, with `on_farm` in the sandbox, which must give the frames that a local render
/// gives, and leave nothing here but the film. Returns how it ended.
ToolEnd check_is_exact(Sandbox& sandbox, const Arguments& on_farm);

/// Where `farm` must be left as it was, too.
template <class Farm>
ToolEnd check_is_exact(Sandbox& sandbox, const Arguments& on_farm, const Farm& farm) {
  ToolEnd end = check_is_exact(sandbox, on_farm);
  CHECK(farm.remains(std::chrono::seconds(5)) == "");
  return end;
}

}  // namespace orchestrator::test
