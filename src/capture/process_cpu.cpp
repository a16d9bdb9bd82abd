#include "capture/process_cpu.hpp"

#include "base/parse_number.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace orchestrator {

namespace {

constexpr int group_field = 5;  // pgrp
constexpr int first_time_field = 14;
constexpr int last_time_field = 17;  // utime, stime, cutime, cstime

/// Nothing if the process has ended meanwhile.
std::optional<ProcessStat> read_stat(const std::filesystem::path& process) {
  std::ifstream file(process / "stat");
  std::string line;
  return std::getline(file, line) ? parse_process_stat(line) : std::nullopt;
}

template <class Function>
void for_each_process(Function function) {
  std::error_code failed;
  for (std::filesystem::directory_iterator entry("/proc", failed), end; !failed && entry != end; entry.increment(failed)) {
    if (!parse_number<std::int64_t>(entry->path().filename().native())) continue;
    if (const auto stat = read_stat(entry->path())) function(*stat);
  }
}

std::chrono::microseconds to_time(std::int64_t ticks) {
  return std::chrono::microseconds(ticks * 1'000'000 / ::sysconf(_SC_CLK_TCK));
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view line) {
  const auto name_end = line.rfind(") ");
  if (name_end == std::string_view::npos) return std::nullopt;
  line.remove_prefix(name_end + 2);
  ProcessStat stat;
  if (!line.empty()) stat.state = line.front();
  for (int field = 3; field <= last_time_field; ++field) {  // pid and name were the first two
    const auto space = line.find(' ');
    if (field == group_field || field >= first_time_field) {
      const auto value = parse_number<std::int64_t>(line.substr(0, space));
      if (!value) return std::nullopt;
      if (field == group_field) stat.group = static_cast<pid_t>(*value);
      if (field >= first_time_field) stat.ticks += *value;
    }
    if (space == std::string_view::npos) return field == last_time_field ? std::optional(stat) : std::nullopt;
    line.remove_prefix(space + 1);
  }
  return stat;
}

std::chrono::microseconds process_group_cpu(pid_t group) {
  std::int64_t ticks = 0;
  for_each_process([&](const ProcessStat& stat) {
    if (stat.group == group) ticks += stat.ticks;
  });
  return to_time(ticks);
}

bool process_group_runs(pid_t group) {
  bool runs = false;
  for_each_process([&](const ProcessStat& stat) { runs = runs || (stat.group == group && stat.state != 'Z'); });
  return runs;
}

std::chrono::microseconds process_cpu(pid_t process) {
  const auto stat = read_stat("/proc/" + std::to_string(process));
  return to_time(stat ? stat->ticks : 0);
}

}  // namespace orchestrator
