#include "render/foreign_project.hpp"

#include "base/json_reader.hpp"

#include <algorithm>
#include <array>

namespace orchestrator {

namespace {

/// A system by the packages that its projects depend on.
struct System {
  std::string_view name{};
  std::array<std::string_view, 2> packages{};
  std::string_view remedy{};
};

constexpr std::string_view built_by_vite = "run npx vite build and give the folder that it writes, such as dist";

constexpr std::array systems{
    System{"Remotion", {"remotion", "@remotion/cli"}, "run npx remotion bundle and give the folder that it writes"},
    System{"HyperFrames",
           {"hyperframes", "@hyperframes/core"},
           "whose page is an index.html; this version cannot render it yet: give a page of your own that defines "
           "window.renderFrame"},
    System{"Motion Canvas", {"@motion-canvas/core", "@motion-canvas/vite-plugin"}, built_by_vite},
    System{"Revideo", {"@revideo/core", "@revideo/vite-plugin"}, built_by_vite},
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

std::string foreign_project(std::string_view package_json) {
  const auto system =
      std::find_if(systems.begin(), systems.end(), [&](const System& one) { return depends_on(one, package_json); });
  if (system == systems.end()) return {};
  return "it is the source of a " + std::string(system->name) + " project (package.json): " + std::string(system->remedy);
}

}  // namespace orchestrator
