#include "testing/leftovers.hpp"

#include "process/process_stat.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace orchestrator {
inline namespace v0 {
namespace testing {

namespace fs = std::filesystem;

namespace {

constexpr const char* mark_variable = "ORCHESTRATOR_CONFORMANCE";

/// Different for every watch of every process.
std::string new_mark() {
  static std::atomic<int> count{0};
  return std::to_string(::getpid()) + "-" + std::to_string(++count) + "-";
}

std::string read_proc(pid_t process, const char* name) {
  std::ifstream file(fs::path("/proc") / std::to_string(process) / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string describe_process(pid_t process) {
  std::string command = read_proc(process, "cmdline");
  std::replace(command.begin(), command.end(), '\0', ' ');
  return "process " + std::to_string(process) + ": " + command;
}

}  // namespace

LeftoverWatch::LeftoverWatch(fs::path folder) : folder_(std::move(folder)), mark_(new_mark()) {
  fs::remove_all(folder_);
  fs::create_directories(folder_);
  const char* before = std::getenv("TMPDIR");
  tmpdir_before_ = before != nullptr ? before : "";
  ::setenv("TMPDIR", folder_.c_str(), 1);
  ::setenv(mark_variable, mark_.c_str(), 1);
}

LeftoverWatch::~LeftoverWatch() {
  ::unsetenv(mark_variable);
  if (tmpdir_before_.empty()) {
    ::unsetenv("TMPDIR");
  } else {
    ::setenv("TMPDIR", tmpdir_before_.c_str(), 1);
  }
}

std::vector<std::string> LeftoverWatch::found() const {
  std::vector<std::string> lines;
  const std::string entry = std::string(mark_variable) + "=" + mark_;
  for_each_process([&](pid_t process, const ProcessStat& stat) {
    if (process == ::getpid() || stat.state == 'Z') return;
    if (read_proc(process, "environ").find(entry) != std::string::npos) lines.push_back(describe_process(process));
  });
  for (const std::string& name : names_in(folder_)) lines.push_back("temporary file " + name);
  return lines;
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code gone;
  for (const auto& entry : fs::directory_iterator(folder, gone)) names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
