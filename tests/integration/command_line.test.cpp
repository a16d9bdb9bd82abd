// What the command line prints, for people and for programs.
#include "support/await.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/sandbox.hpp"

#include <orchestrator/version.hpp>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <sstream>

using namespace orchestrator::test;
namespace json = boost::json;

TEST_CASE("command line: --version and every --help succeed and print to stdout", "[command_line]") {
  Sandbox sandbox;
  const ToolEnd version = sandbox.run({"--version"});
  CHECK(version.status.code == 0);
  CHECK(version.output == "orchestrator " ORCHESTRATOR_VERSION "\n");
  const auto [command, text] = GENERATE(table<Arguments, std::string>({{Arguments{}, "Subcommands"},
                                                                       {{"render"}, "--frames"},
                                                                       {{"plan"}, "--chunk-frames"},
                                                                       {{"worker"}, "worker-protocol.md"},
                                                                       {{"verify"}, "--samples"},
                                                                       {{"doctor"}, "--json"}}));
  Arguments arguments = command;
  arguments.push_back("--help");
  const ToolEnd help = sandbox.run(arguments);
  CHECK(help.status.code == 0);
  CHECK_THAT(help.output, Catch::Contains(text));
  CHECK(help.errors.empty());
}

TEST_CASE("command line: --json prints one object that says what was rendered", "[command_line]") {
  Sandbox sandbox;
  const ToolEnd end =
      sandbox.render(page("render_frame.html"), "10:23", {"--chunk-frames", "5", "--workers", "2", "--fps", "30000/1001"});
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(end.output.find('\n') == end.output.size() - 1);
  const json::object summary = end.json();
  CHECK(summary.at("output").as_string() == sandbox.film().c_str());
  CHECK(summary.at("frames") == 13);
  CHECK(summary.at("width") == 160);
  CHECK(summary.at("height") == 90);
  CHECK(summary.at("fps").as_string() == "30000/1001");
  CHECK(summary.at("workers") == 2);
  CHECK(summary.at("capture").as_string() == "shm");
  CHECK(summary.at("error").is_null());
  CHECK(summary.at("wall_ms").as_int64() > 0);
  const json::array& chunks = summary.at("chunks").as_array();
  REQUIRE(chunks.size() == 3);
  for (int i = 0; i < 3; ++i) {
    const json::object& chunk = chunks[static_cast<std::size_t>(i)].as_object();
    CHECK(chunk.at("id") == i);
    CHECK(chunk.at("start_frame") == 10 + 5 * i);
    CHECK(chunk.at("frame_count") == (i < 2 ? 5 : 3));
    CHECK(chunk.at("attempts") == 1);
    CHECK_FALSE(chunk.at("worker").as_string().empty());
    for (const char* field : {"boot_ms", "capture_ms", "encode_ms"}) CHECK(chunk.at(field).as_int64() >= 0);
  }
}

TEST_CASE("command line: without --json, one line for people goes to stdout", "[command_line]") {
  Sandbox sandbox;
  const ToolEnd end =
      sandbox.run({"render", page("static.html"), "-o", sandbox.film(), "--frames", "0:4", "--width", "160", "--height", "90"});
  CHECK(end.status.code == 0);
  CHECK_THAT(end.output, Catch::Contains("film.mp4: 4 frames, 160x90 at 30 fps") && Catch::Contains("capture: shm"));
  CHECK(end.output.find('\n') == end.output.size() - 1);
}

TEST_CASE("command line: --progress json never goes back, goes through the stages and ends at 1", "[command_line]") {
  Sandbox sandbox;
  const ToolEnd end =
      sandbox.render(page("render_frame.html"), "5:155", {"--progress", "json", "--chunks", "3", "--workers", "2"});
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  std::vector<std::string> stages;
  double fraction = 0;
  std::int64_t frames = 0;
  std::istringstream lines(end.errors);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('{')) continue;  // warnings
    const json::object progress = json::parse(line).as_object();
    CHECK(progress.at("fraction").to_number<double>() >= fraction);
    CHECK(progress.at("frames_done").as_int64() >= frames);
    CHECK(progress.at("frames_total") == 150);
    fraction = progress.at("fraction").to_number<double>();
    frames = progress.at("frames_done").as_int64();
    const std::string stage(progress.at("stage").as_string());
    CHECK((fraction < 1 || stage == "done"));
    if (stages.empty() || stages.back() != stage) stages.push_back(stage);
  }
  CHECK(fraction == 1.0);
  CHECK(frames == 150);
  CHECK(stages == std::vector<std::string>{"rendering", "assembling", "done"});
}

TEST_CASE("command line: --progress bar draws a bar, and none draws nothing", "[command_line]") {
  Sandbox sandbox;
  const ToolEnd bar = sandbox.render(page("static.html"), "0:4", {"--progress", "bar"});
  CHECK_THAT(bar.errors, Catch::Contains("100 %") && Catch::Contains("4/4 frames"));
  const ToolEnd none = sandbox.render(page("static.html"), "0:4", {"--progress", "none", "--overwrite"});
  CHECK_THAT(none.errors, !Catch::Contains("%"));
}

TEST_CASE("command line: plan prints what render then does", "[command_line]") {
  Sandbox sandbox;
  const Arguments more{"--chunks", "3", "--workers", "2", "--silent-audio"};
  Arguments arguments = sandbox.render_arguments(page("static.html"), "7:17", more);
  const ToolEnd rendered = sandbox.run(arguments);
  REQUIRE(rendered.status.code == 0);
  arguments.front() = "plan";
  std::erase(arguments, "--json");  // a plan is JSON anyway
  const ToolEnd planned = sandbox.run(arguments);
  INFO(planned.errors);
  REQUIRE(planned.status.code == 0);
  const json::object plan = planned.json();
  CHECK(plan.at("schema") == 1);
  CHECK(plan.at("total_frames") == rendered.json().at("frames"));
  CHECK(plan.at("final_output_file").as_string() == sandbox.film().c_str());
  for (const char* field : {"concat_manifest", "concat_output_file", "mix_options", "cleanup_files", "options"}) {
    CHECK(plan.contains(field));
  }
  const json::array& chunks = plan.at("chunks").as_array();
  const json::value done = rendered.json().at("chunks");
  REQUIRE(chunks.size() == done.as_array().size());
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    for (const char* field : {"id", "start_frame", "frame_count"}) CHECK(chunks[i].at(field) == done.as_array()[i].at(field));
  }
}

TEST_CASE("command line: plan touches nothing", "[command_line]") {
  Sandbox sandbox;
  const ToolEnd end = sandbox.run({"plan", "/no/such/page.html", "-o", "/no/such/folder/film.mp4", "--duration", "3600",
                                   "--width", "160", "--height", "90", "--fps", "30"});
  CHECK(end.status.code == 0);
  CHECK(end.json().at("total_frames") == 108000);
  const ToolEnd open = sandbox.run({"plan", "page.html", "-o", "film.mp4", "--duration", "1"});
  CHECK(open.status.code == 1);  // the page may say of which size it is
  CHECK_THAT(open.errors, Catch::Contains("there is no file") && Catch::Contains("page.html"));
}

TEST_CASE("command line: the program works under any name, and doctor, too", "[command_line]") {
  Sandbox sandbox;
  sandbox.run_by({"/bin/sh", "-c", R"(cp "$0" orc && exec ./orc "$@")"});
  const ToolEnd end = sandbox.run({"doctor", "--json"});
  INFO(end.output << end.errors);
  CHECK(end.status.code == 0);
}

TEST_CASE("command line: where the system gives no thread, a render says so", "[command_line]") {
  Sandbox sandbox;
  sandbox.run_by({"/bin/sh", "-c", "ulimit -s 1099511627776 && exec \"$0\" \"$@\""});  // the size of a thread's stack
  const ToolEnd end = sandbox.render(page("static.html"), "0:2");
  CHECK(end.status.code == 1);
  CHECK_THAT(end.errors, Catch::Contains("no thread could be started"));
}

TEST_CASE("command line: doctor says whether this machine can render", "[command_line]") {
  Sandbox sandbox;
  const ToolEnd healthy = sandbox.run({"doctor", "--json"});
  CHECK(healthy.status.code == 0);
  CHECK_FALSE(healthy.json().empty());
  CHECK_THAT(sandbox.run({"doctor"}).output, Catch::Contains("ffmpeg") && Catch::Contains("Xvfb"));
  sandbox.set("ORCHESTRATOR_FFMPEG", "/no/such/ffmpeg");
  const ToolEnd ill = sandbox.run({"doctor", "--json"});
  CHECK(ill.status.code == 1);
  const json::object report = ill.json();
  for (const json::value& check : report.at("checks").as_array()) {
    if (check.at("name").as_string() == "ffmpeg") {
      CHECK(check.at("detail").as_string() == "ORCHESTRATOR_FFMPEG=/no/such/ffmpeg is not an executable file");
      CHECK(check.at("remedy").as_string() == "correct or unset ORCHESTRATOR_FFMPEG");
    } else if (check.at("name").as_string() == "libx264") {
      CHECK(check.at("detail").as_string() == "not known without ffmpeg");
      CHECK(check.at("remedy").as_string().empty());
    }
  }
}

TEST_CASE("command line: a failed render says how far it came and who did it", "[command_line]") {
  Sandbox sandbox;
  const ToolEnd end = sandbox.render(page("throws_at_frame.html"), "0:10", {"--chunks", "5", "--workers", "1"});
  INFO(end.errors);
  REQUIRE(end.status.code == 1);
  const json::object summary = end.json();
  CHECK(summary.at("workers") == 1);
  CHECK(summary.at("capture").as_string() == "shm");
  const json::array& chunks = summary.at("chunks").as_array();
  REQUIRE(chunks.size() >= 2);
  CHECK(chunks.front().at("boot_ms").as_int64() > 0);
  for (const json::value& chunk : chunks) CHECK_FALSE(chunk.at("worker").as_string().empty());
}

TEST_CASE("command line: an output that cannot be written is a failure", "[command_line]") {
  const auto redirection = GENERATE(as<std::string>(), ">/dev/full", ">&-");
  const auto arguments = GENERATE(values<Arguments>({{"--version"},
                                                     {"plan", "s", "-o", "f.mp4", "--duration", "1", "--width", "16", "--height",
                                                      "9", "--fps", "30", "--pixel-format", "yuv444p"}}));
  orchestrator::SpawnOptions options{.argv = {"/bin/sh", "-c", "exec \"$@\" " + redirection, "sh", ORCHESTRATOR_TOOL}};
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  const auto run = await(orchestrator::run_program(std::move(options)));
  REQUIRE(run.has_value());
  CHECK(run->status.code == 1);
  CHECK_THAT(run->error_tail, Catch::Contains("cannot write to standard output"));
}

TEST_CASE("command line: a plan that was printed is rendered, with no other options of the film beside it", "[command_line]") {
  Sandbox sandbox;
  const std::string composition = page("render_frame.html");
  const ToolEnd planned = sandbox.run({"plan", composition, "-o", sandbox.film(), "--frames", "10:40", "--width", "160",
                                       "--height", "90", "--fps", "30", "--chunks", "2"});
  REQUIRE(planned.status.code == 0);
  const std::string plan = sandbox.file("plan.json", planned.output);
  for (const Arguments& more : {Arguments{"--crf", "1"}, Arguments{composition}}) {
    Arguments arguments{"render", "--plan", plan};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ToolEnd mixed = sandbox.run(arguments);
    CHECK(mixed.status.code == 2);
    CHECK_THAT(mixed.errors, Catch::Contains("excludes"));
  }
  const ToolEnd rendered = sandbox.run({"render", "--plan", plan, "--json"});
  INFO(rendered.errors);
  REQUIRE(rendered.status.code == 0);
  CHECK(rendered.json().at("frames").as_int64() == 30);
  CHECK(rendered.json().at("chunks").as_array().size() == 2);
  CHECK(std::filesystem::exists(sandbox.film()));
  const ToolEnd again = sandbox.run({"render", "--plan", plan});
  CHECK(again.status.code == 1);
  CHECK_THAT(again.errors, Catch::Contains("--overwrite"));
  CHECK(sandbox.run({"render", "--plan", plan, "--overwrite"}).status.code == 0);
  const ToolEnd torn = sandbox.run({"render", "--plan", sandbox.file("torn.json", planned.output.substr(0, 300))});
  CHECK(torn.status.code == 2);
  CHECK_THAT(torn.errors, Catch::Contains("torn.json"));
}

TEST_CASE("command line: a worker that has nothing to do says hello and no more", "[command_line]") {
  Sandbox sandbox;
  sandbox.run_by({"/bin/sh", "-c", "sleep 1 | \"$@\"", "sh"});
  const ToolEnd end = sandbox.run({"worker"});
  CHECK(contains(end.output, R"("type":"hello")"));
  CHECK_FALSE(contains(end.output, R"("type":"heartbeat")"));
}
