// `orchestrator verify`: pages that are right pass, pages that are wrong on purpose are found and shown.
#include "support/contains.hpp"
#include "support/failure.hpp"
#include "support/files.hpp"
#include "support/film.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <csignal>

using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t width = 160;
constexpr std::size_t pixels = width * 90;

Arguments verify_arguments(const std::string& composition, const std::string& frames, Arguments more) {
  Arguments arguments{"verify", composition, "--width", "160", "--height", "90", "--json"};
  if (!frames.empty()) arguments.insert(arguments.end(), {"--frames", frames});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// A black page with a red box of 10 px, whose left edge is `left`, an expression of `frame` and `calls`.
std::string box_page(const std::string& left) {
  return R"(<!doctype html><style>
      body { margin: 0; background: #000 }
      #box { position: absolute; top: 20px; width: 10px; height: 10px; background: #f00 }
    </style><div id="box"></div><script>
      let calls = 0;
      window.renderFrame = (frame) => {
        ++calls;
        box.style.left = `${)" +
         left + R"(}px`;
      };
    </script>)";
}

/// One of 2^24 colours, another one in each run.
const std::string random_colour = R"(
  const [red, green, blue] = crypto.getRandomValues(new Uint8Array(3));
  document.body.style.background = `rgb(${red} ${green} ${blue})`;)";

std::array<int, 3> pixel_of(const fs::path& png, std::size_t x, std::size_t y) {
  return decode_film(png, "rgb24", 3 * pixels).rgb(0, y * width + x);
}

}  // namespace

TEST_CASE("verify: pages that are right are the same in every pass, and nothing is kept", "[verify]") {
  Sandbox sandbox;
  const auto name = GENERATE("render_frame.html", "css_animation.html", "raf_stateful.html");
  CAPTURE(name);
  const ToolEnd end = sandbox.run(verify_arguments(page(name), "3:15", {"--samples", "3", "--load", "4", "--capture", "all"}));
  INFO(end.errors << end.output);
  REQUIRE(end.status.code == 0);
  const json::object summary = end.json();
  CHECK(summary.at("verdict").as_string() == "same");
  CHECK(summary.at("difference").is_null());
  CHECK(summary.at("error").is_null());
  CHECK(json::serialize(summary.at("samples")) == "[3,8,14]");
  std::vector<std::string> passes;
  for (const json::value& pass : summary.at("passes").as_array()) {
    passes.emplace_back(pass.at("name").as_string());
    const bool samples_only = pass.at("fresh").as_bool() || passes.size() > 4;
    CHECK(pass.at("compared") == (samples_only ? 3 : 12));
    CHECK(pass.at("different") == 0);
  }
  CHECK(passes == std::vector<std::string>{"in sequence", "fresh", "in sequence, under load", "fresh, under load",
                                           "in sequence, by beginframe", "in sequence, by screenshot"});
  CHECK(sandbox.remains() == "");
  CHECK_FALSE(fs::exists(sandbox.folder() / ("verify-" + fs::path(name).stem().string())));
}

TEST_CASE("verify: a page that counts its frames is found, and its pictures are kept", "[verify]") {
  Sandbox sandbox;
  const std::string composition = sandbox.file("counts.html", box_page("10 * calls"));
  const ToolEnd end = sandbox.run(verify_arguments(composition, "0:9", {"--samples", "3", "--load", "0"}));
  INFO(end.errors << end.output);
  REQUIRE(end.status.code == 3);
  CHECK_THAT(end.errors, Catch::Contains("fresh: 2 of 3 frames differ, the first is frame 4"));
  const json::object summary = end.json();
  CHECK(summary.at("verdict").as_string() == "differs");
  const json::object& difference = summary.at("difference").as_object();
  CHECK(difference.at("frame") == 4);
  CHECK(difference.at("pass").as_string() == "fresh");
  CHECK(difference.at("pixels") == 200);
  CHECK(difference.at("largest") == 255);
  CHECK(json::serialize(difference.at("box")) == R"({"left":10,"top":20,"right":60,"bottom":30})");
  CHECK(difference.at("reference_is_steady") == true);
  CHECK_THAT(std::string(difference.at("likely_cause").as_string()), Catch::Contains("the page keeps something"));
  CHECK(difference.at("reference").as_string() == "verify-counts/reference.png");
  const fs::path kept = sandbox.folder() / "verify-counts";
  CHECK(names_in(kept) == std::vector<std::string>{"difference.png", "other.png", "reference.png"});
  const std::array<int, 3> red{255, 0, 0};
  const std::array<int, 3> black{0, 0, 0};
  CHECK(pixel_of(kept / "reference.png", 55, 25) == red);
  CHECK(pixel_of(kept / "reference.png", 15, 25) == black);
  CHECK(pixel_of(kept / "other.png", 55, 25) == black);
  CHECK(pixel_of(kept / "other.png", 15, 25) == red);
  CHECK(pixel_of(kept / "difference.png", 55, 25) == red);
  CHECK(pixel_of(kept / "difference.png", 15, 25) == red);
  CHECK(pixel_of(kept / "difference.png", 35, 25) == black);
  CHECK(sandbox.remains() == "");
}

TEST_CASE("verify: pictures that come as PNG are compared and kept, too", "[verify]") {
  Sandbox sandbox;
  const auto backend = GENERATE("beginframe", "screenshot");
  CAPTURE(backend);
  fs::create_directory(sandbox.folder() / "scene");
  static_cast<void>(sandbox.file("scene/index.html", box_page("frame < 2 ? 30 : 10 * calls")));
  const fs::path kept = sandbox.folder() / "here" / "and there";
  const ToolEnd end = sandbox.run(verify_arguments(
      sandbox.folder() / "scene", "0:5", {"--samples", "5", "--load", "0", "--capture", backend, "--keep", kept.string()}));
  INFO(end.errors << end.output);
  REQUIRE(end.status.code == 3);
  const json::object summary = end.json();
  CHECK(summary.at("difference").at("frame") == 2);
  CHECK(summary.at("difference").at("pixels") == 200);
  CHECK(pixel_of(kept / "reference.png", 35, 25) == std::array<int, 3>{255, 0, 0});
  CHECK(pixel_of(kept / "other.png", 15, 25) == std::array<int, 3>{255, 0, 0});
}

TEST_CASE("verify: a folder that cannot keep pictures is told before the work", "[verify]") {
  Sandbox sandbox;
  const std::string below = GENERATE("", "/below");
  const std::string kept = sandbox.file("a file", "") + below;
  CAPTURE(kept);
  const ToolEnd end = sandbox.run(verify_arguments(page("static.html"), "0:4", {"--samples", "1", "--keep", kept}));
  CHECK(end.status.code == 1);
  CHECK_THAT(end.errors, Catch::Contains(kept) && Catch::Contains("Not a directory") && !Catch::Contains("in sequence"));
}

TEST_CASE("verify: a number of busy loops below 0 is no number of busy loops", "[verify]") {
  Sandbox sandbox;
  const ToolEnd end = sandbox.run(verify_arguments(page("static.html"), "0:4", {"--load=-1"}));
  CHECK(end.status.code == 2);
  CHECK_THAT(end.errors, Catch::Contains("--load must be 0 ... 1024"));
}

TEST_CASE("verify: a frame that differs between two samples is found by the sequence under load", "[verify]") {
  Sandbox sandbox;
  const std::string composition = sandbox.file(
      "page.html", "<body><script>window.renderFrame = (frame) => { if (frame < 5) return;" + random_colour + "};</script>");
  const ToolEnd end = sandbox.run(verify_arguments(composition, "0:12", {"--samples", "2", "--load", "1"}));
  INFO(end.errors << end.output);
  REQUIRE(end.status.code == 3);
  const json::object summary = end.json();
  const json::object& difference = summary.at("difference").as_object();
  CHECK(difference.at("frame") == 5);
  CHECK(difference.at("pass").as_string() == "in sequence, under load");
  CHECK(difference.at("reference_is_steady") == true);
  CHECK_THAT(std::string(difference.at("likely_cause").as_string()), Catch::Contains("random numbers"));
}

TEST_CASE("verify: a frame whose picture was not kept is taken again, and told if it comes out differently", "[verify]") {
  Sandbox sandbox;
  // 4096x4096 is 64 MiB a frame: the first four fit.
  const std::string composition = sandbox.file(
      "page.html", "<body><script>window.renderFrame = (frame) => { if (frame !== 4) return;" + random_colour + "};</script>");
  const ToolEnd end = sandbox.run({"verify", composition, "--json", "--width", "4096", "--height", "4096", "--frames", "0:6",
                                   "--samples", "1", "--load", "1"});
  INFO(end.errors << end.output);
  REQUIRE(end.status.code == 3);
  const json::object summary = end.json();
  const json::object& difference = summary.at("difference").as_object();
  CHECK(difference.at("frame") == 4);
  CHECK(difference.at("reference_is_steady") == false);
}

TEST_CASE("verify: what runs in real time is found", "[verify]") {
  Sandbox sandbox;
  // As many round trips of messages as the machine has time for: a clock that nobody can stop.
  const std::string composition = sandbox.file("page.html", box_page("trips % 150") + R"(<script>
      let trips = 0;
      const channel = new MessageChannel();
      channel.port1.onmessage = () => { ++trips; channel.port1.postMessage(0); };
      channel.port2.onmessage = () => channel.port2.postMessage(0);
      channel.port1.postMessage(0);
    </script>)");
  const ToolEnd end = sandbox.run(verify_arguments(composition, "0:4", {"--samples", "2", "--load", "2"}));
  INFO(end.errors << end.output);
  CHECK(end.status.code == 3);
  CHECK(end.json().at("verdict").as_string() == "differs");
}

TEST_CASE("verify: without --frames it is what the page declares, else 60", "[verify]") {
  Sandbox sandbox;
  const ToolEnd declared = sandbox.run(
      verify_arguments(sandbox.file("nine.html", "<body><script>window.orchestratorComposition = {frames: 9};</script>"), "",
                       {"--samples", "1", "--load", "0"}));
  INFO(declared.errors << declared.output);
  REQUIRE(declared.status.code == 0);
  CHECK(json::serialize(declared.json().at("frames")) == R"({"first":0,"last":9})");
  const ToolEnd silent = sandbox.run(verify_arguments(page("static.html"), "", {"--samples", "1", "--load", "0"}));
  REQUIRE(silent.status.code == 0);
  CHECK(json::serialize(silent.json().at("frames")) == R"({"first":0,"last":60})");
}

TEST_CASE("verify: for people, a line a pass and the verdict", "[verify]") {
  Sandbox sandbox;
  const ToolEnd end = sandbox.run(
      {"verify", page("static.html"), "--width", "160", "--height", "90", "--frames", "0:4", "--samples", "2", "--load", "1"});
  REQUIRE(end.status.code == 0);
  CHECK_THAT(end.errors, Catch::EndsWith("in sequence: 4 frames, shm\nfresh: 2 frames, shm\n"
                                         "in sequence, under load: 4 frames, shm\nfresh, under load: 2 frames, shm\n"));
  CHECK(end.output == page("static.html") + ": the same in 4 passes, 4 frames, 2 samples from fresh browsers, capture: shm\n");
}

TEST_CASE("verify: wrong options and compositions are named", "[verify]") {
  struct Case {
    std::string composition;
    Arguments more;
    ExpectedFailure expected;
  };
  const ExpectedFailure wrong_option{.code = "invalid_options", .stage = "plan", .exit_status = 2};
  const auto wrong = [&](Arguments more, std::string name) {
    ExpectedFailure expected = wrong_option;
    expected.names = {std::move(name)};
    return Case{page("static.html"), std::move(more), expected};
  };
  Sandbox sandbox;
  for (const Case& tried :
       {wrong({"--samples", "0"}, "--samples"), wrong({"--samples", "101"}, "--samples"), wrong({"--load", "-2"}, "--load"),
        wrong({"--frames", "5:5"}, "--frames"), wrong({"--capture", "camera"}, "--capture"), wrong({"--width", "0"}, "--width"),
        wrong({"--fps", "0"}, "--fps"), wrong({"--props", "[1]"}, "--props"), wrong({"--crf", "3"}, "--crf"),
        Case{"/no/such/page.html", {}, {.code = "composition_not_found", .stage = "load", .names = {"/no/such/page.html"}}},
        Case{page("throws_on_load.html"), {}, {.code = "page_error", .stage = "load", .names = {"broken composition"}}},
        Case{page("throws_at_frame.html"),
             {"--load", "0"},
             {.code = "page_error", .stage = "capture", .names = {"no data for frame 7"}, .frame = 7}},
        Case{page("static.html"),
             {"--frames", "0:100000", "--timeout", "3"},
             {.code = "timed_out", .stage = "verify", .names = {"--timeout"}}}}) {
    CAPTURE(tried.composition, tried.more);
    check_failure(sandbox, sandbox.run(verify_arguments(tried.composition, "", tried.more)), tried.expected);
  }
}

TEST_CASE("verify: a folder in which pictures cannot be kept is an error before the work", "[verify]") {
  Sandbox sandbox;
  const std::string composition = sandbox.file("counts.html", box_page("10 * calls"));
  const std::string file = sandbox.file("file", "");
  const ToolEnd end =
      sandbox.run(verify_arguments(composition, "0:3", {"--samples", "2", "--load", "0", "--keep", file + "/pictures"}));
  check_failure(sandbox, end, {.code = "output_unwritable", .stage = "verify", .names = {file + "/pictures"}});
}

TEST_CASE("verify: a signal leaves no process and no file, whenever it comes", "[verify]") {
  const auto signal = GENERATE(SIGINT, SIGTERM, SIGKILL);
  const auto moment = GENERATE("", "in sequence: ", "fresh: ");  // the last pass that has ended
  INFO("signal " << signal << " after '" << moment << "'");
  Sandbox sandbox;
  sandbox.start(verify_arguments(page("render_frame.html"), "0:40", {"--samples", "4", "--load", "4"}));
  REQUIRE(comes_true([&] { return sandbox.processes().size() > 3 && sandbox.errors_so_far().find(moment) != std::string::npos; },
                     40s));
  ::kill(sandbox.tool(), signal);
  const ToolEnd end = sandbox.wait();
  INFO(end.errors);
  if (signal == SIGKILL) {
    CHECK(end.status.signal == SIGKILL);
  } else {
    CHECK(end.status.code == 128 + signal);
    CHECK(end.json().at("error").as_object().at("code").as_string() == "cancelled");
  }
  CHECK(sandbox.remains() == "");
}
