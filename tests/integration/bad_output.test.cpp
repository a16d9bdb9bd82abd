// What an output that cannot be written gets.
#include "support/failure.hpp"
#include "support/files.hpp"
#include "support/small_disk.hpp"

#include <catch2/catch.hpp>

#include <csignal>

using namespace orchestrator::test;

namespace {

/// About 30 KB a frame, so that a few frames fill a small disk.
const Arguments large_frames{"--pixel-format", "rgb24", "--crf", "0", "--width", "640", "--height", "360"};

bool is_skipped(const SmallDisk& disk) {
  if (!disk.mounted()) WARN("skipped: mounting is not allowed here");
  return !disk.mounted();
}

Arguments with(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

TEST_CASE("bad output: a missing output folder is named", "[bad_output]") {
  Sandbox sandbox;
  const std::string output = sandbox.out() / "no-such-folder" / "film.mp4";
  const ToolEnd end = sandbox.run({"render", page("static.html"), "--frames", "0:4", "--json", "-o", output});
  check_failure(sandbox, end, {.code = "output_unwritable", .stage = "start", .names = {"no-such-folder"}});
  CHECK(names_in(sandbox.out()).empty());
}

TEST_CASE("bad output: an existing film is only replaced when asked", "[bad_output]") {
  Sandbox sandbox;
  write_file(sandbox.film(), "precious");
  const ToolEnd refused = sandbox.render(page("static.html"), "0:4");
  check_failure(sandbox, refused, {.code = "output_unwritable", .stage = "start", .names = {"film.mp4", "--overwrite"}});
  CHECK(read_file(sandbox.film()) == "precious");

  const ToolEnd replaced = sandbox.render(page("static.html"), "0:4", {"--overwrite"});
  CHECK(replaced.status.code == 0);
  CHECK(read_file(sandbox.film()) != "precious");
  CHECK(names_in(sandbox.out()) == std::vector<std::string>{"film.mp4"});
}

TEST_CASE("bad output: a folder in the film's place and a missing work folder are named", "[bad_output]") {
  Sandbox sandbox;
  const std::string folder = sandbox.folder().string();
  const ToolEnd end = sandbox.run({"render", page("static.html"), "--frames", "0:4", "--json", "--overwrite", "-o",
                                   sandbox.out().string(), "--work-dir", folder});
  CHECK(end.status.code == 2);  // "out" does not end in .mp4 either
  std::filesystem::create_directory(sandbox.film());
  const ToolEnd taken = sandbox.render(page("static.html"), "0:4", {"--overwrite"});
  check_failure(sandbox, taken, {.code = "output_unwritable", .stage = "start", .names = {"film.mp4 is a folder"}});
  std::filesystem::remove(sandbox.film());
  const ToolEnd workless = sandbox.render(page("static.html"), "0:4", {"--work-dir", "/no/such/work"});
  check_failure(sandbox, workless, {.code = "output_unwritable", .stage = "start", .names = {"/no/such/work"}});
  CHECK(names_in(sandbox.out()).empty());
}

TEST_CASE("bad output: of two renders to one film the second is refused, and the first is not disturbed", "[bad_output]") {
  Sandbox first;
  Sandbox second;
  first.start(first.render_arguments(page("render_frame.html"), "0:100000", {"--progress", "json"}));
  const auto rendering = [&] { return first.errors_so_far().find(R"("frames_done":1)") != std::string::npos; };
  REQUIRE(comes_true(rendering, std::chrono::seconds(20)));
  const std::string film = first.film().string();
  const Arguments again{"render", page("static.html"), "--frames", "0:4", "--width", "160", "--height", "90", "--json", "-o",
                        film};
  check_failure(second, second.run(again),
                {.code = "output_unwritable", .stage = "start", .names = {"another render is writing", film}});
  ::kill(first.tool(), SIGKILL);
  CHECK(first.wait().status.signal == SIGKILL);
  const auto free_again = [&] { return second.run(again).status.code == 0; };  // its guard lets go a moment after its death
  CHECK(comes_true(free_again, std::chrono::seconds(20)));
  CHECK(first.remains() == "");
  CHECK(comes_true([&] { return names_in(first.out()) == std::vector<std::string>{"film.mp4"}; }, std::chrono::seconds(5)));
}

TEST_CASE("bad output: an ending in capitals is an ending", "[bad_output]") {
  Sandbox sandbox;
  const std::string film = sandbox.out() / "FILM.MP4";
  const ToolEnd end =
      sandbox.run({"render", page("static.html"), "--frames", "0:4", "--width", "160", "--height", "90", "-o", film});
  INFO(end.errors);
  CHECK(end.status.code == 0);
  CHECK(names_in(sandbox.out()) == std::vector<std::string>{"FILM.MP4"});
}

TEST_CASE("bad output: a read-only folder is named", "[bad_output]") {
  Sandbox sandbox;
  const SmallDisk disk(sandbox.out(), "64k", true);
  if (is_skipped(disk)) return;
  const ToolEnd end = sandbox.render(page("static.html"), "0:4");
  check_failure(sandbox, end, {.code = "output_unwritable", .stage = "start", .names = {sandbox.out().string(), "Read-only"}});
}

TEST_CASE("bad output: a disk that gets full is named, and what was there stays", "[bad_output]") {
  Sandbox sandbox;
  const SmallDisk disk(sandbox.out(), "128k");
  if (is_skipped(disk)) return;
  check_render_fails(sandbox, page("reference_scene.html"), "0:30", large_frames,
                     {.code = "output_unwritable", .stage = "encode", .names = {"No space left"}, .chunk = 0});
}

TEST_CASE("bad output: a disk that gets full while the chunks are joined is named, and what was there stays", "[bad_output]") {
  Sandbox sandbox;
  const SmallDisk disk(sandbox.out(), "128k");
  if (is_skipped(disk)) return;
  const std::string work = sandbox.folder() / "work";
  std::filesystem::create_directory(work);
  check_render_fails(sandbox, page("reference_scene.html"), "0:30", with(large_frames, {"--work-dir", work, "--chunks", "2"}),
                     {.code = "output_unwritable", .stage = "assemble", .names = {sandbox.out().string(), "No space left"}});
  CHECK(names_in(work).empty());
}

TEST_CASE("bad output: no room for the browser's files is named", "[bad_output]") {
  Sandbox sandbox;
  sandbox.set("TMPDIR", "/no/such/folder");
  check_render_fails(sandbox, page("static.html"), "0:4", {},
                     {.code = "browser_unavailable", .stage = "start", .names = {"TMPDIR"}, .chunk = 0});
}
