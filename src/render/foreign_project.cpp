#include "render/foreign_project.hpp"

#include "base/json_reader.hpp"

#include <algorithm>
#include <array>

namespace orchestrator {

namespace {

constexpr std::string_view own_page =
    "this version cannot render it yet: give a page of your own that defines window.renderFrame";

/// A system by the packages that its projects depend on.
struct System {
  std::string_view name{};
  std::array<std::string_view, 2> packages{};
  std::string_view page{};  ///< how its projects become one
};

constexpr std::array systems{
    System{"Remotion", {"remotion", "@remotion/cli"}, "of which npx remotion bundle makes a page; "},
    System{"HyperFrames", {"hyperframes", "@hyperframes/core"}, "whose page is an index.html; "},
    System{"Motion Canvas", {"@motion-canvas/core", "@motion-canvas/vite-plugin"}, "which has no page; "},
    System{"Revideo", {"@revideo/core", "@revideo/vite-plugin"}, "which has no page; "},
};

bool depends_on(const System& system, std::string_view package_json) {
  bool found = false;
  // A package.json that is none tells nothing.
  static_cast<void>(read_json(package_json, "package.json", [&](JsonReader reader) {
    for (const char* list : {"dependencies", "devDependencies"}) {
      reader.object(list, [&](const JsonReader& packages) {
        found = found || std::any_of(system.packages.begin(), system.packages.end(),
                                     [&](std::string_view package) { return packages.has(package); });
      });
    }
  }));
  return found;
}

}  // namespace

std::string foreign_project(const std::string& script, std::string_view package_json) {
  // What Vite makes of a project by these systems' plugins: an ES module that a page has to load.
  if (!script.empty()) {
    return "it looks like a built Motion Canvas or Revideo project (" + script + "), which has no page; " + std::string(own_page);
  }
  const auto system =
      std::find_if(systems.begin(), systems.end(), [&](const System& one) { return depends_on(one, package_json); });
  if (system == systems.end()) return {};
  return "it is the source of a " + std::string(system->name) + " project (package.json), " + std::string(system->page) +
         std::string(own_page);
}

}  // namespace orchestrator
