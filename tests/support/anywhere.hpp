#pragma once

#include "support/contains.hpp"
#include "support/farm.hpp"
#include "support/files.hpp"
#include "support/run_tool.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator::test {

using Files = std::vector<std::filesystem::path>;

/// A plan for three chunks, what its composition holds included, and a folder for them.
struct Anywhere {
  Anywhere() {
    std::filesystem::create_directory(setup.folder / "scene");
    write_file(setup.folder / "scene/index.html", "<!doctype html>");
    write_file(setup.folder / "scene/style.css", "p {}");
    setup.options.composition = (setup.folder / "scene").string();
    setup.options.audio.always = true;
    plan = plan_of(setup.options);
  }
  static RenderPlan plan_of(const RenderOptions& options) {
    RenderPlan made = *RenderOrchestrator::plan(options);
    made.content = *read_content(options.composition);
    return made;
  }
  Result<RenderedChunk> chunk(int id, bool overwrite = false) {
    return RenderOrchestrator(farm).render_chunk(plan, id, {.folder = chunks, .overwrite = overwrite});
  }
  /// `words` say why chunk 1 is not rendered; no other try would do better.
  void check_not_replaced(const std::string& words) {
    const int before = farm.started;
    const auto refused = chunk(1);
    REQUIRE(refused.has_error());
    CAPTURE(refused.error().detail);
    CHECK(refused.error().code == Errc::invalid_options);
    CHECK(contains(refused.error().detail, words));
    CHECK(contains(refused.error().detail, "--overwrite"));
    CHECK(farm.started == before);
  }
  Files all_chunks() {
    Files files;
    for (int id = 0; id < 3; ++id) files.push_back(chunk(id).value().file);
    return files;
  }
  /// Its error says all of `words`.
  void check_refused(const Files& files, const std::vector<std::string>& words, std::optional<int> id) const {
    const auto refused = RenderOrchestrator::assemble(plan, files);
    REQUIRE(refused.has_error());
    CAPTURE(refused.error().detail);
    CHECK(refused.error().code == Errc::chunk_invalid);
    CHECK(refused.error().chunk == id);
    for (const std::string& word : words) CHECK(contains(refused.error().detail, word));
    CHECK(setup.left().empty());
  }
  std::vector<std::string> names() const { return names_in(chunks); }

  RenderSetup setup;
  std::filesystem::path chunks{setup.folder / "farm/chunks"};
  Farm farm{1, encode_job};
  RenderPlan plan{};
};

}  // namespace orchestrator::test
