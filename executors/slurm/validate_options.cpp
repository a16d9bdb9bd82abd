#include "slurm/validate_options.hpp"

#include <orchestrator/executors/slurm_executor.hpp>
#include <orchestrator/worker/option_checks.hpp>

#include <algorithm>
#include <cctype>

namespace orchestrator {

namespace {

constexpr int most_workers = 1'000;

Error wrong(std::string detail) { return Error{.code = Errc::invalid_options, .detail = std::move(detail)}; }

/// How many numbers, separated by ':', `text` consists of; 0 if of something else.
int numbers_in(std::string_view text) {
  int numbers = 1;
  bool has_digit = false;
  for (const char c : text) {
    if (c == ':' && !has_digit) return 0;
    if (c == ':') ++numbers;
    if (c != ':' && std::isdigit(static_cast<unsigned char>(c)) == 0) return 0;
    has_digit = c != ':';
  }
  return has_digit ? numbers : 0;
}

Result<void> check_count(const std::string& name, int value, int least, int most) {
  if (value >= least && value <= most) return {};
  return wrong(name + " is " + std::to_string(value) + ", it must be " + std::to_string(least) + " ... " + std::to_string(most));
}

Result<void> check_word(const std::string& name, const std::string& text) {
  const bool is_plain = std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isgraph(c) != 0; });
  if (is_plain) return {};
  return wrong(name + " '" + text + "' has blanks or other characters that no such name has");
}

Result<void> check_srun_options(const std::vector<std::string>& options) {
  for (const std::string& option : options) {
    if (option.size() > 1 && option[0] == '-' && option != "--") continue;
    return wrong("slurm.srun_options: '" + option +
                 "' is no option of srun; an option and its value are one argument: --gres=gpu:1, -Jname");
  }
  return {};
}

}  // namespace

bool is_slurm_time(std::string_view text) {
  const auto day_end = text.find('-');
  if (day_end == std::string_view::npos) return numbers_in(text) >= 1 && numbers_in(text) <= 3;
  const int after = numbers_in(text.substr(day_end + 1));
  return numbers_in(text.substr(0, day_end)) == 1 && after >= 1 && after <= 3;
}

Result<void> v0::validate_slurm_options(const SlurmExecutorOptions& options) {
  constexpr int most = 1 << 30;
  if (auto valid = check_count("slurm.workers", options.workers, 1, most_workers); !valid) return valid;
  if (auto valid = check_count("slurm.cpus", options.cpus, 1, most); !valid) return valid;
  if (auto valid = check_count("slurm.memory_mib", options.memory_mib, 0, most); !valid) return valid;
  if (auto valid = check_word("slurm.partition", options.partition); !valid) return valid;
  if (auto valid = check_word("slurm.account", options.account); !valid) return valid;
  if (auto valid = check_word("slurm.constraint", options.constraint); !valid) return valid;
  if (!options.time.empty() && !is_slurm_time(options.time)) {
    return wrong("slurm.time is '" + options.time +
                 "', it must be minutes, minutes:seconds, hours:minutes:seconds, days-hours, days-hours:minutes or "
                 "days-hours:minutes:seconds");
  }
  if (auto valid = check_srun_options(options.srun_options); !valid) return valid;
  if (auto valid = check_heartbeat_timeout(options.heartbeat_timeout); !valid) return valid;
  if (auto valid = check_time("start_timeout", options.start_timeout, std::chrono::milliseconds(1)); !valid) return valid;
  return check_time("idle_timeout", options.idle_timeout, std::chrono::milliseconds(0));
}

}  // namespace orchestrator
