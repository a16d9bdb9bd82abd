#include "support/processes.hpp"

#include "support/files.hpp"

#include <unistd.h>

#include <algorithm>
#include <map>

namespace orchestrator::test {

namespace fs = std::filesystem;

namespace {

bool is_number(const std::string& text) { return text.find_first_not_of("0123456789") == std::string::npos; }

/// Reads a file of a process; empty if the process has ended meanwhile.
std::string read_if_there(const fs::path& file) {
  try {
    return read_file(file);
  } catch (const std::exception&) {
    return {};
  }
}

/// What follows the name in /proc/PID/stat. The name is in parentheses and may hold anything (proc(5)). Empty if the process has
/// ended.
std::string fields_after_name(const fs::path& process) {
  const std::string stat = read_if_there(process / "stat");
  const auto name_end = stat.rfind(')');
  return name_end == std::string::npos ? std::string() : stat.substr(name_end + 2);
}

bool is_running(const fs::path& process) {
  const std::string fields = fields_after_name(process);
  return !fields.empty() && fields.front() != 'Z';
}

pid_t parent_of(const fs::path& process) {
  const std::string fields = fields_after_name(process);  // "S 1234 ..."
  return fields.size() < 3 ? 0 : static_cast<pid_t>(std::stol(fields.substr(2)));
}

fs::path network_of(const fs::path& process) {
  std::error_code gone;
  return fs::read_symlink(process / "ns/net", gone);
}

bool started_in(const fs::path& process, const fs::path& folder) {
  std::error_code gone;
  const fs::path current = fs::read_symlink(process / "cwd", gone);
  return !gone && current == folder;
}

/// Every running process but this one for which `is_wanted`, asked with its folder in /proc, says yes.
template <class Predicate>
std::vector<Process> running_processes(const Predicate& is_wanted) {
  std::vector<Process> found;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator("/proc", failed)) {
    const std::string name = entry.path().filename().string();
    if (!is_number(name) || name == std::to_string(::getpid())) continue;
    if (!is_wanted(entry.path()) || !is_running(entry.path())) continue;
    std::string command = read_if_there(entry.path() / "cmdline");
    std::replace(command.begin(), command.end(), '\0', ' ');
    found.push_back({static_cast<pid_t>(std::stol(name)), std::move(command)});
  }
  return found;
}

}  // namespace

std::vector<Process> find_processes(std::string_view mark, const fs::path& folder) {
  return running_processes([&](const fs::path& process) {
    return started_in(process, folder) || read_if_there(process / "environ").find(mark) != std::string::npos;
  });
}

std::vector<Process> descendants_of(pid_t ancestor) {
  std::map<pid_t, pid_t> parents;
  auto all = running_processes([&parents](const fs::path& process) {
    parents[static_cast<pid_t>(std::stol(process.filename().string()))] = parent_of(process);
    return true;
  });
  std::erase_if(all, [&](const Process& process) {
    pid_t at = parents[process.pid];
    while (at != 0 && at != ancestor) at = parents[at];
    return at == 0;
  });
  return all;
}

std::vector<Process> network_neighbours_of(pid_t member) {
  const fs::path network = network_of("/proc/" + std::to_string(member));
  return running_processes([&network](const fs::path& process) { return !network.empty() && network_of(process) == network; });
}

std::string describe(const std::vector<Process>& processes) {
  std::string text;
  for (const Process& process : processes) text += std::to_string(process.pid) + " " + process.command + "\n";
  return text;
}

}  // namespace orchestrator::test
