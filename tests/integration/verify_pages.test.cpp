// Every page that shows how pages are driven, and the example: the same however its frames are reached, also on a busy machine.
#include "support/counting_films.hpp"
#include "support/files.hpp"
#include "support/sandbox.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>

using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// Pages that no render can show as they are, each with the reason.
const std::map<std::string, std::string> exceptions{
    {"broken_image.html", "its image is missing: an error"},
    {"crashes.html", "its renderer process dies"},
    {"never_ready.html", "never gets ready"},
    {"never_resolves.html", "a frame never ends"},
    {"rejects.html", "its readiness rejects"},
    {"throws_at_frame.html", "throws at a frame"},
    {"throws_in_callback.html", "throws at a frame"},
    {"throws_on_load.html", "throws while it loads"},
};

/// The test pages with everything that they show; some name films, which are made.
void copy_pages(const fs::path& folder) {
  fs::copy(fs::path(page("static.html")).parent_path(), folder, fs::copy_options::recursive);
  std::string text;
  for (const std::string& name : names_in(folder)) text += read_file(folder / name);
  make_counting_films(text, folder);
}

/// Several at the same time: each is the load of the others, where loops that only keep the machine busy would take the time of
/// all.
constexpr std::size_t at_once = 4;

/// Compositions that are being verified.
class Verifications {
 public:
  /// Waits for the oldest one if there are as many as may be.
  void start(std::string composition, const std::string& frames) {
    if (running_.size() == at_once) finish_oldest();
    auto sandbox = std::make_unique<Sandbox>();
    // The only sample is the last frame, to which a browser that goes straight there passes through all others.
    sandbox->start({"verify", composition, "--width", "160", "--height", "90", "--fps", "30", "--frames", frames, "--samples",
                    "1", "--load", "1"});
    running_.emplace_back(std::move(composition), std::move(sandbox));
  }
  void finish() {
    while (!running_.empty()) finish_oldest();
  }

 private:
  void finish_oldest() {
    const auto [composition, sandbox] = std::move(running_.front());
    running_.pop_front();
    const ToolEnd end = sandbox->wait(4min);
    INFO(composition << "\n" << end.errors << end.output);
    CHECK(end.status.code == 0);
    CHECK(sandbox->remains() == "");
  }

  std::deque<std::pair<std::string, std::unique_ptr<Sandbox>>> running_{};
};

}  // namespace

TEST_CASE("verify pages: the test pages and the example are the same however their frames are reached", "[verify_pages]") {
  const TempDir pages;
  copy_pages(pages / "pages");
  for (const auto& [name, reason] : exceptions) CHECK(fs::exists(page(name)));  // or the list has grown old
  Verifications verifications;
  for (const std::string& name : names_in(pages / "pages")) {
    if (name.ends_with(".html") && !exceptions.contains(name)) verifications.start(pages / ("pages/" + name), "0:20");
  }
  verifications.start(ORCHESTRATOR_SOURCE_DIR "/examples/composition", "40:60");
  verifications.finish();
}
