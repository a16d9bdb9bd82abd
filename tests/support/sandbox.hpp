#pragma once

#include "support/processes.hpp"
#include "support/temp_dir.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace orchestrator::test {

using Arguments = std::vector<std::string>;

/// How a run of the command line ended, and what it wrote.
struct ToolEnd {
  ExitStatus status{};
  std::string output{};
  std::string errors{};
  std::chrono::milliseconds wall{0};
  /// The JSON object on stdout; throws if there is none.
  boost::json::object json() const;
};

/// A page of tests/pages.
std::string page(const std::string& name);

/// The surroundings of one test: the command line runs with a TMPDIR and an output folder of its own, and with a mark in its
/// environment by which its processes are known.
class Sandbox {
 public:
  Sandbox();
  ~Sandbox();

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path out() const { return folder_ / "out"; }
  std::filesystem::path film() const { return out() / "film.mp4"; }
  /// Writes a file into the sandbox and returns its path.
  std::string file(const std::string& name, std::string_view text) const;
  std::string script(const std::string& name, std::string_view body) const;
  void set(std::string variable, std::string value);
  /// From now on, `prefix` (a program and its arguments) comes before the command line and runs it.
  void run_by(Arguments prefix) { prefix_ = std::move(prefix); }

  /// The arguments of `render` to film(), 160x90 at 30 fps unless `more` says something else: nothing is left to the composition,
  /// so that its page is loaded by the chunks alone.
  Arguments render_arguments(const std::string& composition, const std::string& frames, Arguments more) const;
  ToolEnd run(const Arguments& arguments);
  ToolEnd render(const std::string& composition, const std::string& frames, Arguments more = {});

  /// For a test that does something while the command line runs: between start() and wait().
  void start(const Arguments& arguments);
  pid_t tool() const { return process_->pid(); }
  ToolEnd wait(std::chrono::milliseconds limit = std::chrono::minutes(1));
  /// What the running command line has written to stderr so far.
  std::string errors_so_far() const;

  std::vector<Process> processes() const;
  /// The process whose command contains `text`; waits for it to appear.
  Process await_process(const std::string& text) const;
  /// Processes and temporary files that are still there 5 s after the end; empty if there are none.
  std::string remains() const;

 private:
  TempDir folder_{};
  std::string mark_;
  std::vector<std::pair<std::string, std::string>> environment_;
  Arguments prefix_{};
  boost::asio::io_context context_{1};
  std::optional<ChildProcess> process_{};
  std::chrono::steady_clock::time_point start_{};
};

/// Looks every 10 ms; false if `condition` has not come true within the limit.
bool comes_true(const std::function<bool()>& condition, std::chrono::milliseconds limit);

}  // namespace orchestrator::test
