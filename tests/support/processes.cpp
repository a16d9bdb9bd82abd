#include "support/processes.hpp"

#include "support/files.hpp"

#include <unistd.h>

#include <algorithm>

namespace orchestrator::test {

namespace fs = std::filesystem;

namespace {

bool is_number(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

/// A file of a process that may end meanwhile; empty then.
std::string read_if_there(const fs::path& file) {
  try {
    return read_file(file);
  } catch (const std::exception&) {
    return {};
  }
}

/// proc(5): the state follows the name, which is in parentheses and may hold anything.
bool is_zombie(const fs::path& process) {
  const std::string stat = read_if_there(process / "stat");
  const auto name_end = stat.rfind(')');
  return name_end == std::string::npos || stat.substr(name_end + 2, 1) == "Z";
}

bool started_in(const fs::path& process, const fs::path& folder) {
  std::error_code gone;
  const fs::path current = fs::read_symlink(process / "cwd", gone);
  return !gone && current == folder;
}

}  // namespace

std::vector<Process> find_processes(std::string_view mark, const fs::path& folder) {
  std::vector<Process> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator("/proc", failed)) {
    const std::string name = entry.path().filename().string();
    if (!is_number(name) || name == std::to_string(::getpid())) continue;
    const bool ours = started_in(entry.path(), folder) || read_if_there(entry.path() / "environ").find(mark) != std::string::npos;
    if (!ours || is_zombie(entry.path())) continue;
    std::string command = read_if_there(entry.path() / "cmdline");
    std::replace(command.begin(), command.end(), '\0', ' ');
    found.push_back({static_cast<pid_t>(std::stol(name)), std::move(command)});
  }
  return found;
}

}  // namespace orchestrator::test
