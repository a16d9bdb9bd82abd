// What a page makes for each frame and lets go is let go by the runtime, too: a long film needs no more memory than a short one.
#include "support/files.hpp"
#include "support/processes.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <sstream>

#include <unistd.h>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// The memory of the largest renderer that this process has started, in MiB.
long renderer_memory() {
  long most = 0;
  for (const Process& process : descendants_of(getpid())) {
    if (process.command.find("--type=renderer") == std::string::npos) continue;
    std::istringstream statm(read_file("/proc/" + std::to_string(process.pid) + "/statm"));
    long size = 0;
    long resident = 0;
    statm >> size >> resident;
    most = std::max(most, resident * sysconf(_SC_PAGESIZE) / (1024 * 1024));
  }
  return most;
}

}  // namespace

TEST_CASE("memory: a page may give an element another picture of its own in each frame", "[capture]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = studio.file("page.html", R"(<div id="box">.</div><script>
      const filling = 'x'.repeat(3e5);
      let frame = -1;
      const step = () => {
        frame += 1;
        const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" id="a${frame}${filling}"/>`;
        box.style.background = `url("data:image/svg+xml,${encodeURIComponent(picture)}")`;
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    </script>)");
  REQUIRE(error_of(studio.load(page, {0, 201})) == "");
  REQUIRE(studio.pictures({40}).size() == 1);
  const long before = renderer_memory();
  REQUIRE(before > 0);
  for (const std::int64_t frame : {80, 120, 160, 200}) REQUIRE(studio.pictures({frame}).size() == 1);
  CHECK(renderer_memory() < before + 70);  // it grew by 130 MiB when all pictures were kept
}
