#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/files.hpp"
#include "support/in_time.hpp"
#include "support/temp_dir.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <catch2/catch.hpp>

#include <csignal>
#include <fstream>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// A program that notes its pid in `file`, then does `rest`.
SpawnOptions noting(const std::filesystem::path& file, const std::string& rest) {
  return {.argv = {"/bin/sh", "-c", "echo $$ > \"$1\"; " + rest, "sh", file.string()}, .own_group = true};
}

pid_t noted(const std::filesystem::path& file) {
  pid_t pid = 0;
  std::ifstream(file) >> pid;
  return pid;
}

/// Also if nobody has reaped it yet: proc(5), the state in /proc/PID/stat.
bool has_ended(pid_t pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  const auto name_end = stat.rfind(") ");
  return name_end == std::string::npos || stat.at(name_end + 2) == 'Z';
}

}  // namespace

TEST_CASE("run program: a cancellation kills it, while it talks and while it is silent", "[process]") {
  for (const std::string rest : {"exec sleep 60", "while :; do echo talk; done", "exec >&-; exec sleep 60"}) {
    const TempDir folder;
    boost::asio::io_context context;
    CAPTURE(rest);
    const auto start = std::chrono::steady_clock::now();
    const auto output = await_cancelled(context, run_program(noting(folder / "pid", rest)), 200ms);
    REQUIRE_FALSE(output.has_value());
    CHECK(output.error().code == Errc::cancelled);
    CHECK(std::chrono::steady_clock::now() - start < 10s);
    const pid_t pid = noted(folder / "pid");
    REQUIRE(pid > 0);
    CHECK(in_time([&] { return ::kill(pid, 0) != 0; }));
  }
}

TEST_CASE("run program: what was cancelled before is not started", "[process]") {
  const TempDir folder;
  boost::asio::io_context context;
  const auto output = await_cancelled(context, once_cancelled(run_program(noting(folder / "pid", "exit 0"))), 10ms);
  REQUIRE_FALSE(output.has_value());
  CHECK(output.error().code == Errc::cancelled);
  CHECK_FALSE(std::filesystem::exists(folder / "pid"));
}

TEST_CASE("run program: what takes longer than its limit is killed and told from what ended by itself", "[process]") {
  for (const std::string rest : {"exec sleep 60", "exec >&-; exec sleep 60"}) {
    const TempDir folder;
    CAPTURE(rest);
    const auto start = std::chrono::steady_clock::now();
    const auto output = await(run_program(noting(folder / "pid", rest), 300ms));
    REQUIRE(output.has_value());
    CHECK(output->timed_out);
    CHECK(output->status.signal == SIGKILL);
    CHECK(std::chrono::steady_clock::now() - start < 10s);
  }
  const auto quick = await(run_program({.argv = {"echo", "done"}}, 10s));
  REQUIRE(quick.has_value());
  CHECK_FALSE(quick->timed_out);
  CHECK(quick->output == "done\n");
}

TEST_CASE("run program: what a script around it has started is killed with it, and keeps neither limit nor cancellation waiting",
          "[process]") {
  // The script waits; the last program has left the group, so that it is not killed, but nobody waits for it.
  for (const std::string rest :
       {"sleep 60 & echo $! > \"$1\"; wait", "setsid sleep 60 & echo $! > \"$1\"; sleep 0.2; exec >&-; exec sleep 60"}) {
    CAPTURE(rest);
    const bool in_group = rest.find("setsid") == std::string::npos;
    const TempDir folder;
    const auto start = std::chrono::steady_clock::now();
    const auto late = await(run_program(noting(folder / "pid", rest), 400ms));
    REQUIRE(late.has_value());
    CHECK(late->timed_out);
    const pid_t first = noted(folder / "pid");
    REQUIRE(first > 0);
    if (in_group) CHECK(in_time([&] { return has_ended(first); }));
    ::kill(first, SIGKILL);
    boost::asio::io_context context;
    const auto cancelled = await_cancelled(context, run_program(noting(folder / "pid", rest)), 400ms);
    REQUIRE_FALSE(cancelled.has_value());
    CHECK(cancelled.error().code == Errc::cancelled);
    const pid_t second = noted(folder / "pid");
    REQUIRE(second > 0);
    if (in_group) CHECK(in_time([&] { return has_ended(second); }));
    ::kill(second, SIGKILL);
    CHECK(std::chrono::steady_clock::now() - start < 10s);
  }
}

TEST_CASE("run program: its end is noticed, with all of its output, while what it has started holds the output", "[process]") {
  for (const std::string rest : {"sleep 60 & echo $! > \"$1\"; head -c 200000 /dev/zero",
                                 "setsid sleep 60 & echo $! > \"$1\"; head -c 200000 /dev/zero"}) {
    CAPTURE(rest);
    const TempDir folder;
    const auto start = std::chrono::steady_clock::now();
    const auto output = await(run_program(noting(folder / "pid", rest), 20s));
    REQUIRE(output.has_value());
    CHECK(std::chrono::steady_clock::now() - start < 10s);
    CHECK(output->status.success());
    CHECK_FALSE(output->timed_out);
    CHECK(output->output.size() == 200000);
    const pid_t started = noted(folder / "pid");
    REQUIRE(started > 0);
    if (rest.find("setsid") == std::string::npos) CHECK(in_time([&] { return has_ended(started); }));
    ::kill(started, SIGKILL);
  }
}

TEST_CASE("run program: output beyond the limit ends the program, not this one", "[process]") {
  const auto output = await(run_program({.argv = {"head", "-c", "70000000", "/dev/zero"}}));
  REQUIRE(output.has_value());
  CHECK(output->output.size() == std::size_t{64} << 20);
  CHECK(output->status.signal == SIGPIPE);
}
