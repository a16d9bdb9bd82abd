#include "process/process_stat.hpp"

#include "base/parse_number.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace orchestrator {

namespace {

// Field numbers as in proc(5). Fields 1 and 2 are the process's id and its program's name.
constexpr int state_field = 3;
constexpr int parent_field = 4;
constexpr int group_field = 5;
constexpr int first_time_field = 14;
constexpr int last_time_field = 17;  // utime, stime, cutime, cstime

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view line) {
  const auto name_end = line.rfind(") ");
  if (name_end == std::string_view::npos) return std::nullopt;
  line.remove_prefix(name_end + 2);
  ProcessStat stat;
  if (!line.empty()) stat.state = line.front();
  for (int field = state_field; field <= last_time_field; ++field) {
    const auto space = line.find(' ');
    if (field == parent_field || field == group_field || field >= first_time_field) {
      const auto value = parse_number<std::int64_t>(line.substr(0, space));
      if (!value) return std::nullopt;
      if (field == parent_field) stat.parent = static_cast<pid_t>(*value);
      if (field == group_field) stat.group = static_cast<pid_t>(*value);
      if (field >= first_time_field) stat.ticks += *value;
    }
    if (space == std::string_view::npos) return field == last_time_field ? std::optional(stat) : std::nullopt;
    line.remove_prefix(space + 1);
  }
  return stat;
}

std::optional<ProcessStat> read_process_stat(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string line;
  return std::getline(file, line) ? parse_process_stat(line) : std::nullopt;
}

void for_each_process(const std::function<void(pid_t, const ProcessStat&)>& visit) {
  std::error_code failed;
  for (std::filesystem::directory_iterator entry("/proc", failed), end; !failed && entry != end; entry.increment(failed)) {
    const auto process = parse_number<pid_t>(entry->path().filename().native());
    if (!process) continue;
    if (const auto stat = read_process_stat(*process)) visit(*process, *stat);
  }
}

}  // namespace orchestrator
