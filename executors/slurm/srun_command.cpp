#include "slurm/srun_command.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <string_view>

namespace orchestrator {

namespace {

// Which cluster there is and how one is known to it, and what a user's profile may say of all jobs; no job has these by itself.
// (srun(1), "INPUT ENVIRONMENT VARIABLES"; SLURM_JWT: slurm.conf(5), AuthAltTypes; SLURM_SACK_...: since 23.11)
constexpr std::array<std::string_view, 10> kept{"SLURM_CONF",  "SLURM_CONF_SERVER", "SLURM_CLUSTERS",  "SLURM_JWT",
                                                "SLURM_SACK_", "SLURM_ACCOUNT",     "SLURM_PARTITION", "SLURM_QOS",
                                                "SLURM_WCKEY", "SLURM_RESERVATION"};

// The folders for temporary files (std::filesystem::temp_directory_path) are this machine's, often this job's.
constexpr std::array<std::string_view, 4> temporary{"TMPDIR", "TMP", "TEMP", "TEMPDIR"};

bool is_kept(std::string_view name) {
  return std::any_of(kept.begin(), kept.end(),
                     [name](std::string_view one) { return one.ends_with('_') ? name.starts_with(one) : name == one; });
}

bool is_of_this_place(std::string_view name) {
  if (std::find(temporary.begin(), temporary.end(), name) != temporary.end()) return true;
  const bool is_slurm = name.starts_with("SLURM_") || name.starts_with("SLURMD_") || name.starts_with("SRUN_");
  return is_slurm && !is_kept(name);
}

void add(std::vector<std::string>& words, const char* name, const std::string& value) {
  if (!value.empty()) words.push_back(std::string(name) + value);
}

}  // namespace

std::string make_job_name() {
  std::random_device random;
  constexpr const char* digits = "0123456789abcdef";
  std::string name = "orchestrator-";
  for (int i = 0; i < 16; ++i) name += digits[random() % 16];
  return name;
}

std::string job_comment(int place) { return "worker " + std::to_string(place); }

std::vector<std::string> variables_of_this_place(const char* const* environment) {
  std::vector<std::string> names;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view entry = *environment;
    const std::string_view name = entry.substr(0, entry.find('='));
    if (is_of_this_place(name)) names.emplace_back(name);
  }
  return names;
}

std::vector<std::string> srun_command(const SlurmExecutorOptions& options, const std::string& job_name, int place,
                                      const std::vector<std::string>& worker, const std::vector<std::string>& unset) {
  std::vector<std::string> words{"env"};
  for (const std::string& variable : unset) words.insert(words.end(), {"-u", variable});
  words.emplace_back("srun");
  add(words, "--partition=", options.partition);
  add(words, "--account=", options.account);
  add(words, "--constraint=", options.constraint);
  add(words, "--time=", options.time);
  words.push_back("--cpus-per-task=" + std::to_string(options.cpus));
  if (options.memory_mib > 0) words.push_back("--mem=" + std::to_string(options.memory_mib) + "M");
  words.emplace_back("--chdir=/");  // there on every node
  words.emplace_back("--mpi=none");
  words.insert(words.end(), options.srun_options.begin(), options.srun_options.end());
  // The last of several counts, so that these cannot be changed.
  // Without --unbuffered, what a worker says waits in slurmstepd until there is an end of a line in it.
  words.insert(words.end(),
               {"--unbuffered", "--nodes=1", "--ntasks=1", "--job-name=" + job_name, "--comment=" + job_comment(place), "--"});
  words.insert(words.end(), worker.begin(), worker.end());
  return words;
}

}  // namespace orchestrator
