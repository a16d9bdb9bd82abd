#include "support/sandbox.hpp"

#include "support/await.hpp"
#include "support/files.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <thread>

namespace orchestrator::test {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds clean_up_limit{5};  // what the specification allows

std::string unique_mark() {
  static std::atomic<int> count{0};
  return "ORCHESTRATOR_TEST_MARK=" + std::to_string(::getpid()) + "-" + std::to_string(++count) + ";";
}

}  // namespace

boost::json::object ToolEnd::json() const { return boost::json::parse(output).as_object(); }

std::string page(const std::string& name) { return std::string(ORCHESTRATOR_SOURCE_DIR) + "/tests/pages/" + name; }

bool comes_true(const std::function<bool()>& condition, std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  while (!condition()) {
    if (Clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

Sandbox::Sandbox() : mark_(unique_mark()) {
  for (const char* name : {"out", "tmp"}) fs::create_directory(folder_ / name);
  const auto equals = mark_.find('=');
  environment_ = {{"TMPDIR", (folder_ / "tmp").string()}, {mark_.substr(0, equals), mark_.substr(equals + 1)}};
}

Sandbox::~Sandbox() {
  for (const Process& process : processes()) ::kill(process.pid, SIGKILL);
}

std::string Sandbox::file(const std::string& name, std::string_view text) const {
  write_file(folder_ / name, text);
  return (folder_ / name).string();
}

std::string Sandbox::script(const std::string& name, std::string_view body) const {
  write_script(folder_ / name, body);
  return (folder_ / name).string();
}

void Sandbox::set(std::string variable, std::string value) { environment_.emplace_back(std::move(variable), std::move(value)); }

Arguments Sandbox::render_arguments(const std::string& composition, const std::string& frames, Arguments more) const {
  Arguments arguments{"render", composition, "-o", film().string(), "--json"};
  if (!frames.empty()) arguments.insert(arguments.end(), {"--frames", frames});
  if (std::count(more.begin(), more.end(), "--width") == 0) arguments.insert(arguments.end(), {"--width", "160"});
  if (std::count(more.begin(), more.end(), "--height") == 0) arguments.insert(arguments.end(), {"--height", "90"});
  if (std::count(more.begin(), more.end(), "--fps") == 0) arguments.insert(arguments.end(), {"--fps", "30"});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

ToolEnd Sandbox::run(const Arguments& arguments) {
  start(arguments);
  return wait();
}

ToolEnd Sandbox::render(const std::string& composition, const std::string& frames, Arguments more) {
  return run(render_arguments(composition, frames, std::move(more)));
}

void Sandbox::start(const Arguments& arguments) {
  // The shell only changes the folder and connects the output to files; then it becomes the command line (exec).
  SpawnOptions options{.argv = {"/bin/sh", "-c", R"(cd "$1" && shift && exec "$@" >stdout 2>stderr)", "sh", folder().string()}};
  options.argv.insert(options.argv.end(), prefix_.begin(), prefix_.end());
  options.argv.emplace_back(ORCHESTRATOR_TOOL);
  options.argv.insert(options.argv.end(), arguments.begin(), arguments.end());
  options.environment = environment_;
  auto process = ChildProcess::spawn(context_.get_executor(), options);
  if (!process) throw std::runtime_error(process.error().message());
  process_.emplace(std::move(*process));
  start_ = Clock::now();
}

ToolEnd Sandbox::wait(std::chrono::milliseconds limit) {
  std::optional<ExitStatus> status;
  const auto waiting = [this, &status]() -> boost::asio::awaitable<void> {
    const auto ended = co_await process_->wait();
    if (ended) status = *ended;
    context_.stop();
  };
  boost::asio::co_spawn(context_, waiting(), boost::asio::detached);
  context_.restart();
  context_.run_for(limit);
  if (!status) throw std::runtime_error("the command line did not end in time; it wrote: " + errors_so_far());
  const auto wall = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start_);
  return {.status = *status, .output = read_file(folder_ / "stdout"), .errors = errors_so_far(), .wall = wall};
}

std::string Sandbox::errors_so_far() const { return read_file(folder_ / "stderr"); }

std::vector<Process> Sandbox::processes() const { return find_processes(mark_, folder()); }

Process Sandbox::await_process(const std::string& text) const {
  Process found;
  const auto is_there = [&] {
    for (const Process& process : processes()) {
      if (process.command.find(text) != std::string::npos) found = process;
    }
    return found.pid != 0;
  };
  if (!comes_true(is_there, std::chrono::seconds(20))) throw std::runtime_error("no process '" + text + "': " + errors_so_far());
  return found;
}

std::string Sandbox::remains() const {
  const auto is_clean = [this] { return processes().empty() && names_in(folder_ / "tmp").empty(); };
  if (comes_true(is_clean, clean_up_limit)) return {};
  std::string text = describe(processes());
  for (const std::string& name : names_in(folder_ / "tmp")) text += "tmp/" + name + "\n";
  return text;
}

}  // namespace orchestrator::test
