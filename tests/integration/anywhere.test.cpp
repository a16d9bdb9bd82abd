// A plan whose chunks are rendered by other programs than the one that joins them.
#include "support/failure.hpp"
#include "support/files.hpp"
#include "support/slurm_farm.hpp"

#include <boost/json/array.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>

using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// A plan in plan.json for film().
void make_plan(Sandbox& sandbox, const std::string& composition, const std::string& chunks, Arguments more = {}) {
  Arguments arguments{"plan",    composition, "-o",       sandbox.film(), "--chunks", chunks,
                      "--width", "160",       "--height", "90",           "--fps",    "30"};
  if (std::count(more.begin(), more.end(), "--frames") == 0) arguments.insert(arguments.end(), {"--frames", "5:35"});
  arguments.insert(arguments.end(), more.begin(), more.end());
  const ToolEnd planned = sandbox.run(arguments);
  INFO(planned.errors);
  REQUIRE(planned.status.code == 0);
  write_file(sandbox.folder() / "plan.json", planned.output);
}

ToolEnd render_chunk(Sandbox& sandbox, int id, Arguments more = {}) {
  Arguments arguments{"chunk", "--plan", "plan.json", "--chunk", std::to_string(id), "-o", "chunks", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return sandbox.run(arguments);
}

std::string code_of(const ToolEnd& end) { return std::string(end.json().at("error").at("code").as_string()); }
std::string message_of(const ToolEnd& end) { return std::string(end.json().at("error").at("message").as_string()); }

/// The film that `render` makes of the plan in plan.json; the film itself is gone afterwards.
std::string rendered_film(Sandbox& sandbox) {
  const ToolEnd rendered = sandbox.run({"render", "--plan", "plan.json", "--json"});
  INFO(rendered.errors);
  REQUIRE(rendered.status.code == 0);
  const std::string film = read_file(sandbox.film());
  fs::remove(sandbox.film());
  return film;
}

/// A page in a folder of its own.
std::string small_page(const Sandbox& sandbox, const std::string& name) {
  fs::create_directory(sandbox.folder() / "scene");
  fs::copy_file(page(name), sandbox.folder() / "scene/index.html");
  return (sandbox.folder() / "scene").string();
}

/// From now on, what runs is an example of a queue.
void run_by_script(Sandbox& sandbox, const std::string& name) {
  sandbox.run_by({"/bin/sh", "-c",
                  R"(script=$0 JOBS=2; : "${ORCHESTRATOR:=$1}"; export ORCHESTRATOR JOBS; shift; exec "$script" "$@")",
                  ORCHESTRATOR_SOURCE_DIR "/examples/anywhere/" + name});
}

/// Says so where there can be no SlurmFarm.
bool slurm_is_impossible() {
  const std::string why = SlurmFarm::impossible();
  if (!why.empty()) WARN("skipped: " << why);
  return !why.empty();
}

}  // namespace

TEST_CASE("anywhere: plan, chunk by chunk and join give the film of a render, with its sound", "[anywhere]") {
  Sandbox sandbox;
  const std::string sound = ORCHESTRATOR_SOURCE_DIR "/examples/composition/music.ogg";
  make_plan(sandbox, small_page(sandbox, "css_animation.html"), "3", {"--audio", sound + ",volume=0.5"});
  const std::string film = rendered_film(sandbox);
  for (const int id : {2, 0, 1}) {
    const ToolEnd end = render_chunk(sandbox, id);
    INFO(end.errors);
    REQUIRE(end.status.code == 0);
    CHECK(end.json().at("output").as_string() == "chunks/chunk-" + std::to_string(id) + ".mp4");
    CHECK(end.json().at("frames") == 10);
    CHECK(end.json().at("chunks").as_array().at(0).at("id") == id);
  }
  const ToolEnd joined = sandbox.run({"join", "--plan", "plan.json", "chunks", "--json"});
  INFO(joined.errors);
  REQUIRE(joined.status.code == 0);
  CHECK(joined.json().at("frames") == 30);
  CHECK(joined.json().at("chunks").as_array().size() == 3);
  CHECK(read_file(sandbox.film()) == film);
  CHECK(sandbox.remains() == "");
}

TEST_CASE("anywhere: join writes where it is told, and replaces nothing unasked", "[anywhere]") {
  Sandbox sandbox;
  make_plan(sandbox, small_page(sandbox, "static.html"), "1");
  REQUIRE(render_chunk(sandbox, 0).status.code == 0);
  // As a shell gives chunks/*.
  const Arguments join{"join",      "--plan", "plan.json", "chunks/chunk-0.mp4", "chunks/chunk-0.mp4.json",
                       "plan.json", "-o",     "other.mp4"};
  const ToolEnd joined = sandbox.run(join);
  INFO(joined.errors);
  CHECK(joined.status.code == 0);
  CHECK_THAT(joined.output, Catch::Contains("other.mp4: 30 frames, 160x90 at 30 fps, joined from 1 chunk in "));
  CHECK_FALSE(fs::exists(sandbox.film()));
  const ToolEnd again = sandbox.run(join);
  CHECK(again.status.code == 1);
  CHECK_THAT(again.errors, Catch::Contains("--overwrite"));
}

TEST_CASE("anywhere: join names the chunks that are missing", "[anywhere]") {
  Sandbox sandbox;
  make_plan(sandbox, small_page(sandbox, "static.html"), "4");
  REQUIRE(render_chunk(sandbox, 1).status.code == 0);
  const ToolEnd end = sandbox.run({"join", "--plan", "plan.json", "chunks", "--json"});
  CHECK(end.status.code == 1);
  CHECK(code_of(end) == "chunk_invalid");
  CHECK_THAT(message_of(end), Catch::Contains("chunks 0,2-3 of 4 are missing"));
  CHECK(end.json().at("error").at("chunk") == 0);
  CHECK_FALSE(fs::exists(sandbox.film()));
}

TEST_CASE("anywhere: a chunk that is finished is not rendered again, unless that is asked for", "[anywhere]") {
  Sandbox sandbox;
  make_plan(sandbox, small_page(sandbox, "static.html"), "2");
  REQUIRE(render_chunk(sandbox, 1).status.code == 0);
  const fs::path file = sandbox.folder() / "chunks/chunk-1.mp4";
  const auto time = fs::last_write_time(file);
  const ToolEnd again = sandbox.run({"chunk", "--plan", "plan.json", "--chunk", "1", "-o", "chunks"});
  CHECK(again.status.code == 0);
  CHECK(again.output == "chunks/chunk-1.mp4: had been rendered before\n");
  CHECK(fs::last_write_time(file) == time);
  CHECK(render_chunk(sandbox, 1, {"--overwrite"}).status.code == 0);
  CHECK(fs::last_write_time(file) != time);
}

TEST_CASE("anywhere: two pages of one folder are two films", "[anywhere]") {
  Sandbox sandbox;
  fs::create_directory(sandbox.folder() / "scene");
  const std::string red = sandbox.file("scene/a.html", "<!doctype html><body style='background: red'>");
  const std::string blue = sandbox.file("scene/b.html", "<!doctype html><body style='background: blue'>");
  make_plan(sandbox, red, "1");
  REQUIRE(render_chunk(sandbox, 0).status.code == 0);
  make_plan(sandbox, blue, "1");
  const ToolEnd refused = render_chunk(sandbox, 0);
  CHECK(refused.status.code == 2);
  CHECK_THAT(message_of(refused), Catch::Contains("is there from another plan"));
  const ToolEnd joined = sandbox.run({"join", "--plan", "plan.json", "chunks", "--json"});
  CHECK(joined.status.code == 1);
  CHECK_THAT(message_of(joined), Catch::Contains("was rendered by another plan"));
}

TEST_CASE("anywhere: a file of the user's under a chunk's name is refused, and stays", "[anywhere]") {
  Sandbox sandbox;
  make_plan(sandbox, small_page(sandbox, "static.html"), "1", {"--overwrite"});
  fs::create_directory(sandbox.folder() / "chunks");
  const fs::path file = sandbox.file("chunks/chunk-0.mp4", "precious");
  const ToolEnd refused = render_chunk(sandbox, 0);
  CHECK(refused.status.code == 2);
  CHECK_THAT(message_of(refused),
             Catch::Contains("chunks/chunk-0.mp4' has no proof beside it") && Catch::Contains("--overwrite"));
  CHECK(read_file(file) == "precious");
  CHECK(render_chunk(sandbox, 0, {"--overwrite"}).status.code == 0);
}

TEST_CASE("anywhere: a chunk that is finished, but cannot be told of, may be tried again", "[anywhere]") {
  Sandbox sandbox;
  make_plan(sandbox, small_page(sandbox, "static.html"), "1");
  sandbox.run_by({"/bin/sh", "-c", R"(exec "$@" >/dev/full)", "sh"});
  const ToolEnd end = render_chunk(sandbox, 0);
  CHECK(end.status.code == 75);
  CHECK_THAT(end.errors, Catch::Contains("cannot write to standard output"));
  CHECK(fs::exists(sandbox.folder() / "chunks/chunk-0.mp4"));
  CHECK(render_chunk(sandbox, 1).status.code == 2);
}

TEST_CASE("anywhere: a composition that has changed since the plan was made is refused, naming the file", "[anywhere]") {
  Sandbox sandbox;
  make_plan(sandbox, small_page(sandbox, "static.html"), "2");
  write_file(sandbox.folder() / "scene/late.css", "p {}");
  const ToolEnd end = render_chunk(sandbox, 0);
  CHECK(end.status.code == 1);
  CHECK(code_of(end) == "composition_changed");
  CHECK_THAT(message_of(end), Catch::Contains("late.css is new"));
  CHECK(names_in(sandbox.folder() / "chunks").empty());
}

TEST_CASE("anywhere: the exit status tells what would fail again from what may succeed elsewhere", "[anywhere]") {
  Sandbox sandbox;
  make_plan(sandbox, small_page(sandbox, "throws_at_frame.html"), "1");
  const ToolEnd page_error = render_chunk(sandbox, 0);
  CHECK(page_error.status.code == 1);
  CHECK(code_of(page_error) == "page_error");
  CHECK(render_chunk(sandbox, 1).status.code == 2);
  CHECK(sandbox.run({"chunk", "--plan", "none.json", "--chunk", "0", "-o", "chunks"}).status.code == 2);
  CHECK(sandbox.run({"chunk", "--plan", "plan.json", "-o", "chunks"}).status.code == 2);
  sandbox.set("ORCHESTRATOR_FFMPEG", "/no/such/ffmpeg");
  const ToolEnd no_encoder = render_chunk(sandbox, 0);
  CHECK(no_encoder.status.code == 75);
  CHECK(code_of(no_encoder) == "encoder_unavailable");
  CHECK(names_in(sandbox.folder() / "chunks").empty());
}

TEST_CASE("anywhere: a worker that dies may live elsewhere", "[anywhere]") {
  Sandbox sandbox;
  make_plan(sandbox, small_page(sandbox, "render_frame.html"), "1", {"--frames", "0:100000"});
  sandbox.start({"chunk", "--plan", "plan.json", "--chunk", "0", "-o", "chunks", "--json", "--progress", "json"});
  // By then the worker starts no more programs: one that is being started has the worker's command line for a moment.
  REQUIRE(comes_true([&] { return sandbox.errors_so_far().find(R"("frames_done":1)") != std::string::npos; }, 20s));
  ::kill(sandbox.await_process(" worker").pid, SIGKILL);
  const ToolEnd end = sandbox.wait();
  INFO(end.errors);
  CHECK(end.status.code == 75);
  CHECK(code_of(end) == "executor_unavailable");
  CHECK(sandbox.remains() == "");
}

TEST_CASE("anywhere: a signal leaves neither a process nor a file of the chunk", "[anywhere]") {
  const auto signal = GENERATE(SIGTERM, SIGKILL);
  Sandbox sandbox;
  make_plan(sandbox, small_page(sandbox, "render_frame.html"), "1", {"--frames", "0:100000"});
  sandbox.start({"chunk", "--plan", "plan.json", "--chunk", "0", "-o", "chunks", "--progress", "json"});
  REQUIRE(comes_true([&] { return sandbox.errors_so_far().find(R"("frames_done":1)") != std::string::npos; }, 20s));
  ::kill(sandbox.tool(), signal);
  const ToolEnd end = sandbox.wait();
  if (signal == SIGTERM) CHECK(end.status.code == 143);
  CHECK(sandbox.remains() == "");
  CHECK(comes_true([&] { return names_in(sandbox.folder() / "chunks").empty(); }, 5s));
}

TEST_CASE("anywhere: a plan of what is not here says so, and is a plan", "[anywhere]") {
  Sandbox sandbox;
  const ToolEnd end = sandbox.run(
      {"plan", "/no/such/page.html", "-o", "film.mp4", "--duration", "1", "--width", "160", "--height", "90", "--fps", "30"});
  CHECK(end.status.code == 0);
  CHECK(end.json().at("composition_key").as_string().empty());
  CHECK_THAT(end.errors, Catch::Contains("warning: the plan does not say what the composition holds: ") &&
                             Catch::Contains("/no/such/page.html"));
}

TEST_CASE("anywhere: a plan that is written into the composition's folder, and changes it, is refused", "[anywhere]") {
  Sandbox sandbox;
  const std::string scene = small_page(sandbox, "static.html");
  sandbox.run_by({"/bin/sh", "-c", R"(exec "$0" "$@" > scene/plan.json)"});
  const ToolEnd end = sandbox.run({"plan", scene, "-o", sandbox.film(), "--frames", "0:5"});
  CHECK(end.status.code == 2);
  CHECK_THAT(end.errors, Catch::Contains("scene/plan.json, in the composition's folder"));
}

TEST_CASE("anywhere: the example for GNU parallel gives the film of a render", "[anywhere]") {
  Sandbox sandbox;
  const std::string scene = small_page(sandbox, "render_frame.html");
  make_plan(sandbox, scene, "5");
  const std::string film = rendered_film(sandbox);
  run_by_script(sandbox, "parallel.sh");
  const ToolEnd end = sandbox.run({scene, sandbox.film(), "5", "--frames", "5:35", "--width", "160", "--height", "90"});
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(read_file(sandbox.film()) == film);
  CHECK(sandbox.remains() == "");
}

TEST_CASE("anywhere: the example for GNU parallel ends with the status of a chunk that fails", "[anywhere]") {
  Sandbox sandbox;
  const std::string scene = small_page(sandbox, "throws_at_frame.html");
  run_by_script(sandbox, "parallel.sh");
  sandbox.set("ORCHESTRATOR",
              sandbox.script("noting", R"([ "$1" != chunk ] || echo "$5" >> tries; exec ')" ORCHESTRATOR_TOOL R"(' "$@")"));
  const ToolEnd end = sandbox.run({scene, sandbox.film(), "1", "--frames", "0:30"});
  CHECK(end.status.code == 1);
  CHECK(read_file(sandbox.folder() / "tries") == "0\n");
  CHECK_FALSE(fs::exists(sandbox.film()));
}

TEST_CASE("anywhere: the example for GNU parallel tries a chunk again that was killed", "[anywhere]") {
  Sandbox sandbox;
  const std::string scene = small_page(sandbox, "static.html");
  run_by_script(sandbox, "parallel.sh");
  sandbox.set("ORCHESTRATOR", sandbox.script("dies_once", R"(
      [ "$1" != chunk ] || ! mkdir died || kill -KILL $$
      exec ')" ORCHESTRATOR_TOOL R"(' "$@")"));
  const ToolEnd end = sandbox.run({scene, sandbox.film(), "2", "--frames", "5:35", "--width", "160", "--height", "90"});
  INFO(end.errors);
  CHECK(end.status.code == 0);
  CHECK(fs::exists(sandbox.folder() / "died"));
  CHECK(fs::exists(sandbox.film()));
}

TEST_CASE("anywhere: the example for GNU parallel replaces a film without rendering its chunks again", "[anywhere]") {
  Sandbox sandbox;
  run_by_script(sandbox, "parallel.sh");
  Arguments arguments{
      small_page(sandbox, "static.html"), sandbox.film(), "2", "--frames", "0:20", "--width", "160", "--height", "90"};
  REQUIRE(sandbox.run(arguments).status.code == 0);
  const fs::path chunk = sandbox.film().string() + ".chunks/chunk-0.mp4";
  const auto time = fs::last_write_time(chunk);
  write_file(sandbox.film(), "older");
  CHECK(sandbox.run(arguments).status.code == 1);
  arguments.emplace_back("--overwrite");
  const ToolEnd end = sandbox.run(arguments);
  INFO(end.errors);
  CHECK(end.status.code == 0);
  CHECK(read_file(sandbox.film()) != "older");
  CHECK(fs::last_write_time(chunk) == time);
}

TEST_CASE("anywhere: the example for a Slurm array gives the film of a render", "[anywhere]") {
  if (slurm_is_impossible()) return;
  const SlurmFarm farm;
  Sandbox sandbox;
  sandbox.set(farm.environment().first, farm.environment().second);
  const std::string scene = small_page(sandbox, "render_frame.html");
  make_plan(sandbox, scene, "4");
  const std::string film = rendered_film(sandbox);
  run_by_script(sandbox, "slurm.sh");
  sandbox.start({scene, sandbox.film(), "4", "--frames", "5:35", "--width", "160", "--height", "90"});
  const ToolEnd end = sandbox.wait(3min);
  INFO(end.output << end.errors);
  REQUIRE(end.status.code == 0);
  CHECK_THAT(end.output, Catch::Contains("joined from 4 chunks"));
  CHECK(read_file(sandbox.film()) == film);
  CHECK(farm.remains(20s) == "");
}

TEST_CASE("anywhere: the example for a Slurm array fails if a chunk does, and leaves no job", "[anywhere]") {
  if (slurm_is_impossible()) return;
  const SlurmFarm farm;
  Sandbox sandbox;
  sandbox.set(farm.environment().first, farm.environment().second);
  const std::string scene = small_page(sandbox, "throws_at_frame.html");
  run_by_script(sandbox, "slurm.sh");
  sandbox.start({scene, sandbox.film(), "2", "--frames", "0:20", "--width", "160", "--height", "90"});
  const ToolEnd end = sandbox.wait(3min);
  INFO(end.output << end.errors);
  CHECK(end.status.code == 1);
  CHECK_THAT(end.errors, Catch::Contains("no data for frame 7"));
  CHECK_FALSE(fs::exists(sandbox.film()));
  CHECK(farm.remains(20s) == "");
}
