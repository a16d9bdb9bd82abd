#include "slurm/srun_command.hpp"

#include <random>

namespace orchestrator {

namespace {

// What sbatch, salloc and srun set in a job (sbatch(1), "OUTPUT ENVIRONMENT VARIABLES") and srun takes for its own options: a
// worker is a job of its own, also when this program runs in one.
constexpr const char* variables_of_a_job[] = {
    "SLURM_JOB_ID",          "SLURM_JOBID",         "SLURM_STEP_ID",      "SLURM_JOB_NODELIST", "SLURM_NODELIST",
    "SLURM_NNODES",          "SLURM_JOB_NUM_NODES", "SLURM_NTASKS",       "SLURM_NPROCS",       "SLURM_TASKS_PER_NODE",
    "SLURM_NTASKS_PER_NODE", "SLURM_CPUS_PER_TASK", "SLURM_MEM_PER_NODE", "SLURM_MEM_PER_CPU",  "SLURM_DISTRIBUTION",
    "SLURM_HOSTFILE",        "SLURM_CPU_BIND",      "SLURM_EXCLUSIVE",    "SLURM_TIMELIMIT"};

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

std::vector<std::string> srun_command(const SlurmExecutorOptions& options, const std::string& job_name, int place,
                                      const std::vector<std::string>& worker) {
  std::vector<std::string> words{"env"};
  for (const char* variable : variables_of_a_job) words.insert(words.end(), {"-u", variable});
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
