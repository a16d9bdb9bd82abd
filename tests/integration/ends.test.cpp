// However a render ends, nothing is left behind and the output path holds a whole film or what it held before.
#include "support/contains.hpp"
#include "support/failure.hpp"
#include "support/files.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// A moment of a render: what to render, and how to see that the moment has come.
struct Moment {
  std::string name;
  std::string frames;
  std::function<void(Sandbox&)> prepare;
  std::function<bool(const Sandbox&)> has_come;
};

/// An ffmpeg that never comes back from the call whose arguments contain `argument`.
void hang_ffmpeg_at(Sandbox& sandbox, const std::string& argument) {
  sandbox.set("ORCHESTRATOR_FFMPEG", sandbox.script("ffmpeg.sh", "case \" $* \" in *\" " + argument +
                                                                     " \"*) echo > \"${0%/*}/hanging\"; exec sleep 60;; esac\n"
                                                                     "exec ffmpeg \"$@\""));
}

bool ffmpeg_hangs(const Sandbox& sandbox) { return std::filesystem::exists(sandbox.folder() / "hanging"); }

std::vector<Moment> moments() {
  const auto no_preparation = [](Sandbox&) {};
  return {
      {"starting", "0:100000", no_preparation, [](const Sandbox& sandbox) { return sandbox.processes().size() > 1; }},
      {"rendering", "0:100000", no_preparation,
       [](const Sandbox& sandbox) { return sandbox.errors_so_far().find(R"("frames_done":1)") != std::string::npos; }},
      {"assembling", "0:8", [](Sandbox& sandbox) { hang_ffmpeg_at(sandbox, "concat"); }, ffmpeg_hangs},
      {"encoding the sound", "0:100000", [](Sandbox& sandbox) { hang_ffmpeg_at(sandbox, "aac"); }, ffmpeg_hangs},
  };
}

}  // namespace

TEST_CASE("ends: a signal to the command line leaves no process and no file, whenever it comes", "[ends]") {
  const auto signal = GENERATE(SIGINT, SIGTERM, SIGKILL);
  const auto moment = GENERATE(from_range(moments()));
  INFO("signal " << signal << " while " << moment.name);
  Sandbox sandbox;
  write_file(sandbox.film(), "precious");
  moment.prepare(sandbox);
  sandbox.start(
      sandbox.render_arguments(page("render_frame.html"), moment.frames,
                               {"--overwrite", "--progress", "json", "--chunks", "2", "--workers", "2", "--silent-audio"}));
  REQUIRE(comes_true([&] { return moment.has_come(sandbox); }, 20s));
  const auto signalled = std::chrono::steady_clock::now();
  ::kill(sandbox.tool(), signal);
  const ToolEnd end = sandbox.wait();
  CHECK(std::chrono::steady_clock::now() - signalled < 5s);
  INFO(end.errors);
  if (signal == SIGKILL) {
    CHECK(end.status.signal == SIGKILL);
  } else {
    CHECK(end.status.code == 128 + signal);
    CHECK(end.json().at("error").as_object().at("code").as_string() == "cancelled");
  }
  CHECK(sandbox.remains() == "");
  CHECK(comes_true([&] { return names_in(sandbox.out()) == std::vector<std::string>{"film.mp4"}; }, 5s));
  CHECK(names_in(sandbox.out()) == std::vector<std::string>{"film.mp4"});
  CHECK(read_file(sandbox.film()) == "precious");
}

TEST_CASE("ends: what signals all that runs beside the command line ends no guard before its time", "[ends]") {
  Sandbox sandbox;
  sandbox.start(sandbox.render_arguments(page("render_frame.html"), "0:100000",
                                         {"--progress", "json", "--chunks", "1", "--workers", "1", "--silent-audio"}));
  REQUIRE(comes_true([&] { return contains(sandbox.errors_so_far(), R"("frames_done":1)"); }, 20s));
  int guards = 0;
  for (const Process& process : sandbox.processes()) {
    if (!contains(process.command, "read -r line")) continue;
    ++guards;
    for (const int signal : {SIGHUP, SIGINT, SIGTERM}) ::kill(process.pid, signal);
  }
  CHECK(guards >= 3);  // of the output's lock, of the chunks and of the browser
  ::kill(sandbox.tool(), SIGKILL);
  CHECK(sandbox.wait().status.signal == SIGKILL);
  CHECK(sandbox.remains() == "");
  CHECK(comes_true([&] { return names_in(sandbox.out()).empty(); }, 5s));
}

TEST_CASE("ends: a finished render leaves the film and nothing else", "[ends]") {
  Sandbox sandbox;
  const ToolEnd end = sandbox.render(page("render_frame.html"), "0:12", {"--chunks", "3", "--workers", "2", "--silent-audio"});
  INFO(end.errors);
  CHECK(end.status.code == 0);
  CHECK(sandbox.remains() == "");
  CHECK(names_in(sandbox.out()) == std::vector<std::string>{"film.mp4"});
}

TEST_CASE("ends: the total timeout stops a render, and nothing is left", "[ends]") {
  Sandbox sandbox;
  check_render_fails(
      sandbox, page("render_frame.html"), "0:100000", {"--timeout", "2", "--chunks", "2", "--workers", "2"},
      {.code = "timed_out", .stage = "capture", .names = {"--timeout", "of 100000 frames were rendered"}, .within = 6s});
}

TEST_CASE("ends: a chunk that fails aborts its siblings at once, and nothing is joined", "[ends]") {
  Sandbox sandbox;
  hang_ffmpeg_at(sandbox, "concat");
  const std::string composition = sandbox.file("page.html", R"(<body><script>
    window.renderFrame = (frame) => {
      if (frame === 50010) throw new Error('chunk 2 is broken');
      document.body.textContent = frame;
    };</script>)");
  // Four chunks of 25,000 frames: minutes of work, if they were not aborted.
  check_render_fails(sandbox, composition, "0:100000", {"--chunks", "4", "--workers", "4"},
                     {.code = "page_error",
                      .stage = "capture",
                      .names = {"chunk 2 is broken", "chunk 2"},
                      .chunk = 2,
                      .frame = 50010,
                      .within = 20s});
  CHECK_FALSE(ffmpeg_hangs(sandbox));
}
