// What missing, dying and lying programs get.
#include "support/failure.hpp"
#include "support/files.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

const std::string nothing = "/no/such/program";

/// Kills the process whose command contains `victim` in the middle of a long render, which must then fail as `expected`.
void check_death(const std::string& victim, const ExpectedFailure& expected, Arguments more = {}) {
  Sandbox sandbox;
  write_file(sandbox.film(), "precious");
  more.insert(more.end(), {"--overwrite", "--progress", "json"});
  sandbox.start(sandbox.render_arguments(page("render_frame.html"), "10:100000", more));
  const auto rendering = [&] { return sandbox.errors_so_far().find(R"("frames_done":1)") != std::string::npos; };
  REQUIRE(comes_true(rendering, 20s));
  ::kill(sandbox.await_process(victim).pid, SIGKILL);
  ToolEnd end = sandbox.wait();
  const auto error = end.json().at("error").as_object();
  INFO(end.errors);
  CHECK(end.status.code == 1);
  CHECK(error.at("code").as_string() == expected.code.c_str());
  CHECK(error.at("chunk") == 0);
  for (const std::string& name : expected.names) CHECK_THAT(end.errors, Catch::Contains(name));
  CHECK(sandbox.remains() == "");
  CHECK(names_in(sandbox.out()) == std::vector<std::string>{"film.mp4"});
  CHECK(read_file(sandbox.film()) == "precious");
}

}  // namespace

TEST_CASE("bad programs: a missing Chromium, X server or ffmpeg is named", "[bad_programs]") {
  Sandbox sandbox;
  const auto [variable, code, capture] = GENERATE(table<std::string, std::string, std::string>({
      {"ORCHESTRATOR_CHROMIUM", "browser_unavailable", "shm"},
      {"ORCHESTRATOR_XVFB", "browser_unavailable", "shm"},
      {"ORCHESTRATOR_HEADLESS_SHELL", "browser_unavailable", "beginframe"},
  }));
  sandbox.set(variable, nothing);
  check_render_fails(sandbox, page("static.html"), "0:4", {"--capture", capture},
                     {.code = code, .stage = "start", .names = {variable, nothing}, .chunk = 0});
}

TEST_CASE("bad programs: with no browser at all, every one that was tried is named", "[bad_programs]") {
  Sandbox sandbox;
  sandbox.set("ORCHESTRATOR_CHROMIUM", nothing);
  sandbox.set("ORCHESTRATOR_HEADLESS_SHELL", nothing);
  check_render_fails(sandbox, page("static.html"), "0:4", {},
                     {.code = "browser_unavailable",
                      .stage = "start",
                      .names = {"ORCHESTRATOR_CHROMIUM", "ORCHESTRATOR_HEADLESS_SHELL"},
                      .chunk = 0});
}

TEST_CASE("bad programs: a missing ffmpeg or ffprobe is named before the work", "[bad_programs]") {
  for (const std::string variable : {"ORCHESTRATOR_FFMPEG", "ORCHESTRATOR_FFPROBE"}) {
    Sandbox sandbox;
    sandbox.set(variable, nothing);
    check_render_fails(sandbox, page("static.html"), "0:4", {},
                       {.code = "encoder_unavailable", .stage = "start", .names = {variable, nothing}});
  }
}

TEST_CASE("bad programs: a browser that exits at once is named with what it wrote", "[bad_programs]") {
  Sandbox sandbox;
  sandbox.set("ORCHESTRATOR_CHROMIUM", sandbox.script("chromium", "echo 'libsomething.so is missing' >&2; exit 127"));
  check_render_fails(
      sandbox, page("static.html"), "0:4", {"--capture", "shm"},
      {.code = "browser_unavailable", .stage = "start", .names = {"chromium", "libsomething.so is missing"}, .chunk = 0});
}

TEST_CASE("bad programs: without the X server, --capture auto falls back and says why", "[bad_programs]") {
  Sandbox sandbox;
  sandbox.set("ORCHESTRATOR_XVFB", nothing);
  const ToolEnd end = sandbox.render(page("static.html"), "0:4");
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  const std::string capture(end.json().at("capture").as_string());
  CHECK_THAT(capture, Catch::StartsWith("beginframe") && Catch::Contains("ORCHESTRATOR_XVFB"));
  CHECK(sandbox.remains() == "");
}

TEST_CASE("bad programs: a browser that dies while frames are captured is named", "[bad_programs]") {
  const auto [mode, program] = GENERATE(table<std::string, std::string>(
      {{"shm", "chromium"}, {"beginframe", "chromium-headless-shell"}, {"screenshot", "chromium-headless-shell"}}));
  check_death(program + " --remote-debugging-pipe", {.code = "browser_crashed", .names = {"capture"}}, {"--capture", mode});
}

TEST_CASE("bad programs: an X server that dies while frames are captured is named", "[bad_programs]") {
  check_death("Xvfb", {.code = "browser_crashed", .names = {"ended"}});
}

TEST_CASE("bad programs: an ffmpeg that dies while frames are encoded is named", "[bad_programs]") {
  check_death("rawvideo", {.code = "encoder_failed", .names = {"ffmpeg", "signal 9"}});
}

TEST_CASE("bad programs: a worker that dies while it renders is named", "[bad_programs]") {
  check_death("orchestrator worker", {.code = "executor_unavailable", .names = {"worker process"}});
}

TEST_CASE("bad programs: a worker that prints garbage is a protocol error", "[bad_programs]") {
  Sandbox sandbox;
  const std::string real = ORCHESTRATOR_TOOL;
  const auto body =
      GENERATE_COPY(as<std::string>(), "echo 'Hello, I am not a worker at all, but I like to talk a lot.'; exec sleep 30",
                    "head -c 100000 /dev/zero; exec sleep 30", "head -c 100000 /dev/urandom; exec sleep 30",
                    "'" + real + "' worker | { head -c 60; head -c 1000 /dev/urandom; exec sleep 30; }");
  INFO(body);
  sandbox.set("ORCHESTRATOR_WORKER", sandbox.script("worker.sh", body));
  check_render_fails(sandbox, page("static.html"), "0:4", {},
                     {.code = "protocol_error", .stage = "start", .names = {"worker"}, .chunk = 0});
}

TEST_CASE("bad programs: a worker that is missing or ends at once is named", "[bad_programs]") {
  Sandbox sandbox;
  SECTION("missing") { sandbox.set("ORCHESTRATOR_WORKER", nothing); }
  SECTION("ends at once") { sandbox.set("ORCHESTRATOR_WORKER", sandbox.script("worker.sh", "echo 'bad worker' >&2; exit 3")); }
  check_render_fails(sandbox, page("static.html"), "0:4", {},
                     {.code = "executor_unavailable", .stage = "start", .names = {"worker"}, .chunk = 0});
}

TEST_CASE("bad programs: a worker that says nothing ends with --timeout", "[bad_programs]") {
  Sandbox sandbox;
  sandbox.set("ORCHESTRATOR_WORKER", sandbox.script("worker.sh", "exec sleep 30"));
  check_render_fails(sandbox, page("static.html"), "0:4", {"--timeout", "1"},
                     {.code = "timed_out", .stage = "capture", .names = {"--timeout", "0 of 4 frames"}, .within = 5s});
}
