#include <orchestrator/worker/child_process.hpp>

#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/few_descriptors.hpp"
#include "support/in_time.hpp"
#include "support/no_threads.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

SpawnOptions shell(const std::string& script) { return {.argv = {"/bin/sh", "-c", script}}; }

bool exists(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return static_cast<bool>(stat >> number >> name >> state) && state != "Z";
}

/// The first line a child writes: a sign that its script has come so far.
asio::awaitable<std::string> first_line(ChildProcess& child) {
  std::string line;
  boost::system::error_code failed;
  co_await asio::async_read_until(child.output(), asio::dynamic_buffer(line), '\n',
                                  asio::redirect_error(asio::use_awaitable, failed));
  co_return line;
}

asio::awaitable<Result<ExitStatus>> run(SpawnOptions options) {
  auto child = ChildProcess::spawn(co_await asio::this_coro::executor, options);
  if (!child) co_return child.error();
  co_return co_await child->wait();
}

/// A process that has this number and is the leader of its group; nothing where numbers cannot be chosen.
std::optional<ChildProcess> with_number(asio::io_context& context, pid_t number) {
  for (int i = 0; i < 100; ++i) {  // other processes come between
    std::ofstream("/proc/sys/kernel/ns_last_pid") << number - 1;
    auto child = ChildProcess::spawn(context.get_executor(), {.argv = {"sleep", "60"}, .own_group = true});
    if (child && child->pid() == number) return std::move(*child);
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("child process: how it ended is known", "[process]") {
  CHECK(await(run(shell("exit 0")))->success());
  CHECK(await(run(shell("exit 7")))->code == 7);
  const auto killed = await(run(shell("kill -KILL $$")));
  CHECK(killed->signal == SIGKILL);
  CHECK(to_string(*killed) == "signal 9 (Killed)");
  CHECK(to_string(*await(run(shell("exit 7")))) == "exit status 7");
}

TEST_CASE("child process: a program that cannot be started is named", "[process]") {
  const TempDir folder;
  std::ofstream(folder / "not a program") << "x";
  ::chmod((folder / "not a program").c_str(), 0755);
  const auto wrong = [](std::vector<std::string> argv) {
    const auto status = await(run({.argv = std::move(argv)}));
    REQUIRE_FALSE(status.has_value());
    return status.error().detail;
  };
  CHECK(contains(wrong({"no-such-program-here"}), "cannot start no-such-program-here"));
  CHECK(contains(wrong({"/no/such/program"}), "cannot start /no/such/program"));
  CHECK(contains(wrong({folder.path().string()}), "cannot start " + folder.path().string()));
  CHECK(contains(wrong({}), "cannot start nothing"));
}

TEST_CASE("child process: one for which descriptors are lacking is named, with the limit, however many there are", "[process]") {
  asio::io_context context;
  int refused = 0, started = 0;
  for (std::size_t free = 0; free < 24; ++free) {
    Result<ChildProcess> child = Error{};
    {
      const FewDescriptors few(free);
      child = ChildProcess::spawn(context.get_executor(), shell("exit 0"));
    }
    ++(child ? started : refused);
    if (child) continue;
    INFO(child.error().detail);
    CHECK(child.error().detail.starts_with("cannot start /bin/sh: "));
    CHECK(contains(child.error().detail, "Too many open files"));
    CHECK(contains(child.error().detail, "ulimit -n"));
  }
  CHECK(refused > 3);
  CHECK(started > 3);
}

TEST_CASE("child process: its working folder is the one asked for", "[process]") {
  const TempDir folder;
  SpawnOptions pwd{.argv = {"pwd", "-P"}, .folder = folder.path().string()};
  const auto output = await(run_program(pwd));
  REQUIRE(output.has_value());
  CHECK(output->output == std::filesystem::canonical(folder.path()).string() + "\n");
  pwd.folder = (folder / "none").string();
  const auto nowhere = await(run_program(pwd));
  REQUIRE_FALSE(nowhere.has_value());
  CHECK(contains(nowhere.error().detail, "No such file or directory"));
}

TEST_CASE("child process: its last words are kept, even if it ends at once", "[process]") {
  for (int i = 0; i < 20; ++i) {
    const auto output = await(run_program(shell("echo out; echo first >&2; echo last words >&2; exit 3")));
    REQUIRE(output.has_value());
    CHECK(output->output == "out\n");
    CHECK(output->error_tail == "first\nlast words");
    CHECK(output->status.code == 3);
  }
}

TEST_CASE("child process: it gets the environment on top, and its arguments as they are", "[process]") {
  SpawnOptions options{.argv = {"/bin/sh", "-c", "printf '%s|' \"$GREETING\" \"$@\"", "sh", "a b", "$HOME", "'"}};
  options.environment = {{"GREETING", "hello $USER"}};
  CHECK(await(run_program(std::move(options)))->output == "hello $USER|a b|$HOME|'|");
}

TEST_CASE("child process: only the descriptors it was given are open in it", "[process]") {
  const UniqueFd leaked(::open("/dev/null", O_RDONLY));  // on purpose without O_CLOEXEC
  const UniqueFd meant(::open("/dev/zero", O_RDONLY));
  SpawnOptions options{.argv = {"/bin/sh", "-c", "for fd in /proc/$$/fd/*; do readlink $fd; done; head -c 2 <&9 | od -An -tx1"}};
  options.extra_fds = {{meant.get(), 9}};
  const std::string output = await(run_program(std::move(options)))->output;
  CAPTURE(output);
  CHECK(contains(output, "/dev/zero"));
  CHECK(contains(output, " 00 00"));
  std::size_t lines = 0;
  for (const char c : output) lines += c == '\n' ? 1 : 0;
  CHECK(lines == 5);  // 0, 1, 2, 9, and od's line
}

TEST_CASE("child process: its descriptors may have any numbers, and go to the right ones", "[process]") {
  const UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC)), zero(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
  for (const int first : {3, 31, 32, 200}) {
    SpawnOptions options{.argv = {"readlink"}};
    for (const int number : {first, first + 1, first + 2, first + 3, first + 4}) {
      options.extra_fds.emplace_back(number == first ? null.get() : zero.get(), number);
      options.argv.push_back("/proc/self/fd/" + std::to_string(number));
    }
    CHECK(await(run_program(std::move(options)))->output == "/dev/null\n/dev/zero\n/dev/zero\n/dev/zero\n/dev/zero\n");
  }
}

TEST_CASE("child process: stop() of a coroutine that is cancelled returns when the child was reaped", "[process]") {
  asio::io_context context;
  pid_t pid = 0;
  const auto stop = [&pid]() -> asio::awaitable<bool> {
    auto child = ChildProcess::spawn(co_await asio::this_coro::executor, shell("trap '' TERM; exec sleep 60"));
    if (!child) co_return false;
    pid = child->pid();
    co_await asio::this_coro::throw_if_cancelled(true);  // Asio's default
    co_await child->stop(200ms);
    co_return !child->running();
  };
  CHECK(await_cancelled(context, stop(), 20ms));
  CHECK_FALSE(exists(pid));
}

TEST_CASE("child process: one that was given up runs on", "[process]") {
  const TempDir folder;
  const std::string done = (folder / "done").string();
  const auto let_go = [&]() -> asio::awaitable<bool> {
    SpawnOptions options = shell("read -r line; echo > \"$0\"");
    options.argv.push_back(done);
    options.input = {Stdio::Kind::pipe};
    auto child = ChildProcess::spawn(co_await asio::this_coro::executor, options);
    if (child) child->let_go();
    co_return child.has_value();
  };
  REQUIRE(await(let_go()));
  CHECK(in_time([&] { return std::filesystem::exists(done); }));
}

TEST_CASE("child process: stop() asks first, and kills what does not listen", "[process]") {
  const auto stop = [](std::string script, std::chrono::milliseconds grace) -> asio::awaitable<Result<ExitStatus>> {
    SpawnOptions options = shell(script);
    options.output = {Stdio::Kind::pipe};
    auto child = ChildProcess::spawn(co_await asio::this_coro::executor, options);
    if (!child) co_return child.error();
    static_cast<void>(co_await first_line(*child));
    co_await child->stop(grace);
    co_return co_await child->wait();
  };
  const auto polite = await(stop("trap 'exit 5' TERM; echo; while :; do sleep 0.01; done", 10s));
  CHECK(polite->code == 5);
  const auto start = std::chrono::steady_clock::now();
  const auto deaf = await(stop("trap '' TERM; echo; exec sleep 60", 50ms));
  CHECK(deaf->signal == SIGKILL);
  CHECK(std::chrono::steady_clock::now() - start < 10s);
}

TEST_CASE("child process: a group goes with its leader, grandchildren and all", "[process]") {
  const auto work = []() -> asio::awaitable<pid_t> {
    SpawnOptions options = shell("sleep 60 & echo $!; wait");
    options.output = {Stdio::Kind::pipe};
    options.own_group = true;
    auto child = ChildProcess::spawn(co_await asio::this_coro::executor, options);
    const std::string line = co_await first_line(*child);
    const pid_t grandchild = std::stoi(line);
    if (!exists(grandchild)) throw std::runtime_error("the grandchild is not there");
    co_await child->stop(0ms);
    co_return grandchild;
  };
  const pid_t grandchild = await(work());
  CHECK(in_time([&] { return !exists(grandchild); }));
}

TEST_CASE("child process: a leader that ended leaves no group behind", "[process]") {
  const auto work = []() -> asio::awaitable<bool> {
    SpawnOptions options = shell("sleep 60 >/dev/null 2>&1 & echo $!");
    options.output = {Stdio::Kind::pipe};
    options.own_group = true;
    auto child = ChildProcess::spawn(co_await asio::this_coro::executor, options);
    const std::string line = co_await first_line(*child);
    static_cast<void>(co_await child->wait());
    const pid_t grandchild = std::stoi(line);
    co_return in_time([&] { return !exists(grandchild); });  // while the child's object is still there
  };
  CHECK(await(work()));
}

TEST_CASE("child process: a number that was its group's and is another one's now gets no signal", "[process]") {
  asio::io_context context;
  SpawnOptions options = shell("exit 0");
  options.own_group = true;
  std::optional<ChildProcess> child(*ChildProcess::spawn(context.get_executor(), options));
  REQUIRE(await(context, child->wait()).has_value());
  const auto stranger = with_number(context, child->pid());
  if (!stranger) {
    WARN("skipped: process numbers cannot be chosen here (/proc/sys/kernel/ns_last_pid)");
    return;
  }
  child->kill(SIGTERM);
  child.reset();
  std::this_thread::sleep_for(50ms);
  CHECK(stranger->running());
}

TEST_CASE("child process: one that is forgotten is killed, without waiting for it", "[process]") {
  asio::io_context context;
  pid_t pid = 0;
  {
    auto child = ChildProcess::spawn(context.get_executor(), {.argv = {"sleep", "60"}});
    REQUIRE(child.has_value());
    pid = child->pid();
    CHECK(child->running());
  }
  CHECK(in_time([&] { return !exists(pid); }));
}

TEST_CASE("child process: one that is forgotten where the system gives no thread is killed and reaped", "[process]") {
  asio::io_context context;
  pid_t pid = 0;
  {
    auto child = ChildProcess::spawn(context.get_executor(), {.argv = {"sleep", "60"}});
    REQUIRE(child.has_value());
    pid = child->pid();
    const NoThreads none;
    const ChildProcess forgotten = std::move(*child);
  }
  CHECK(::kill(pid, 0) != 0);
}

TEST_CASE("child process: a process that the host made without exec, and that outlives it, keeps nothing alive", "[process]") {
  pid_t worker = 0, forked = 0;
  std::string folder;
  const auto work = [&]() -> asio::awaitable<bool> {
    SpawnOptions options{.argv = {ORCHESTRATOR_SCRIPTED_WORKER, "forks"}};
    options.output = {Stdio::Kind::pipe};
    options.die_with_parent = false;
    auto host = ChildProcess::spawn(co_await asio::this_coro::executor, options);
    std::istringstream(co_await first_line(*host)) >> worker >> forked >> folder;
    const bool runs = exists(worker) && exists(forked);
    host->kill(SIGKILL);
    static_cast<void>(co_await host->wait());
    co_return runs;
  };
  REQUIRE(await(work()));
  CHECK(in_time([&] { return !exists(worker); }));
  CHECK(in_time([&] { return !std::filesystem::exists(folder); }));
  CHECK(exists(forked));
  for (const pid_t left : {worker, forked}) ::kill(left, SIGKILL);
}

TEST_CASE("child process: it dies with the process that started it, even by SIGKILL", "[process]") {
  const auto work = []() -> asio::awaitable<pid_t> {
    // The scripted worker stands for a host: it starts a child of its own with die_with_parent and says its pid.
    SpawnOptions options{.argv = {ORCHESTRATOR_SCRIPTED_WORKER, "starts-a-child"}};
    options.output = {Stdio::Kind::pipe};
    auto host = ChildProcess::spawn(co_await asio::this_coro::executor, options);
    const std::string line = co_await first_line(*host);
    const pid_t grandchild = std::stoi(line);
    if (!exists(grandchild)) throw std::runtime_error("the grandchild is not there");
    host->kill(SIGKILL);
    static_cast<void>(co_await host->wait());
    co_return grandchild;
  };
  const pid_t grandchild = await(work());
  CHECK(in_time([&] { return !exists(grandchild); }));
}

TEST_CASE("child process: a thread may feed its stdin", "[process]") {
  const auto work = []() -> asio::awaitable<std::string> {
    SpawnOptions options{.argv = {"cat"}};
    options.input = {Stdio::Kind::pipe};
    options.output = {Stdio::Kind::pipe};
    auto child = ChildProcess::spawn(co_await asio::this_coro::executor, options);
    UniqueFd input = child->take_input();
    if (::write(input.get(), "fed\n", 4) != 4) throw std::runtime_error("write");
    input.reset();
    std::string line = co_await first_line(*child);
    co_return line;
  };
  CHECK(await(work()) == "fed\n");
}

TEST_CASE("programs: found on PATH, if they are files and can be executed", "[process]") {
  CHECK(find_program("sh").ends_with("/sh"));
  CHECK(find_program("/bin/sh") == "/bin/sh");
  CHECK(find_program("no-such-program-here").empty());
  CHECK(find_program("/tmp").empty());
  CHECK(find_program("/etc/passwd").empty());
  CHECK(find_program("").empty());
}
