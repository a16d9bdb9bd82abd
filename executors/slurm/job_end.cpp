#include "slurm/job_end.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace orchestrator {

namespace {

struct Known {
  std::string_view words;  ///< in what srun and slurmstepd write; empty: none
  std::string_view state;  ///< of the job (squeue(1), "JOB STATE CODES"); empty: none
  std::string_view cause;
};

// In this order: a job that is preempted is cancelled, too, and so is its step. The words are slurmstepd's and srun's of
// Slurm 22.05 (src/slurmd/slurmstepd/req.c, src/slurmd/common/slurmd_cgroup.c, src/api/step_launch.c), seen with real daemons.
constexpr std::array<Known, 13> known_ends{{
    {"DUE TO PREEMPTION", "PREEMPTED", "was preempted by a job that comes first"},
    {"DUE TO TIME LIMIT", "TIMEOUT", "reached its time limit: ask for more (slurm.time)"},
    {"", "DEADLINE", "reached its deadline"},
    {"oom-kill", "OUT_OF_MEMORY", "ran out of memory: ask for more (slurm.memory_mib)"},
    {"exceeded memory limit", "", "ran out of memory: ask for more (slurm.memory_mib)"},
    {"Exceeded job memory limit", "", "ran out of memory: ask for more (slurm.memory_mib)"},
    {"Node failure on", "NODE_FAIL", "lost its node, which failed"},
    {"DUE TO NODE FAILURE", "BOOT_FAIL", "lost its node, which failed"},
    {"DUE TO JOB REQUEUE", "REQUEUED", "was put back into the queue"},
    {"", "SPECIAL_EXIT", "was put back into the queue"},
    {"Job has been cancelled", "", "was cancelled while it waited in the queue (scancel)"},
    {"has been revoked", "", "was cancelled while it waited in the queue (scancel)"},
    {"", "CANCELLED", "was cancelled (scancel)"},
}};

bool has(std::string_view text, std::string_view part) { return !part.empty() && text.find(part) != std::string_view::npos; }

/// The last line with `part`, without "srun: error: ".
std::string line_with(std::string_view text, std::string_view part) {
  std::string_view found;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (has(line, part)) found = line;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  constexpr std::string_view prefix = "srun: error: ";
  if (found.starts_with(prefix)) found.remove_prefix(prefix.size());
  return std::string(found);
}

/// "down*", "not_responding": the controller does not reach it (sinfo(1), "NODE STATE CODES").
bool is_out_of_reach(std::string_view node_state) { return has(node_state, "*") || node_state.starts_with("down"); }

}  // namespace

std::string name_of(const JobEnd& end) {
  std::string name = end.number.empty() ? "a Slurm job" : "Slurm job " + end.number;
  if (!end.node.empty()) name += " on node " + end.node;
  return name;
}

std::string cause_of(const JobEnd& end) {
  for (const Known& known : known_ends) {
    const bool is_state = !known.state.empty() && end.state.starts_with(known.state);
    if (is_state || has(end.words, known.words)) return std::string(known.cause);
  }
  if (has(end.words, "*** STEP") && has(end.words, "CANCELLED")) {
    const bool is_known = end.state == "FAILED" || end.state == "COMPLETED";
    return is_known ? "lost its step, which was cancelled (scancel)" : "was cancelled, or its step was (scancel)";
  }
  if (is_out_of_reach(end.node_state)) return "lost its node, which does not answer (sinfo: " + end.node_state + ")";
  if (end.srun) return "lost its worker (srun ended with " + to_string(*end.srun) + ")";
  if (end.state == "RUNNING") return "lost its worker, which fell silent: is its node out of reach?";
  return "lost its worker";
}

std::string refusal_of(const JobEnd& end, const std::string& found, const std::string& program) {
  for (const std::string_view words :
       {"Unable to allocate resources", "Unable to create step", "unrecognized option", "invalid option"}) {
    const std::string line = line_with(end.words, words);
    const std::string before = line_with(end.words, "srun: error: ");  // what the last line means, more often than not
    if (has(end.words, "Job has been cancelled") || line.empty()) continue;
    return "Slurm refuses a worker's job: " + line + (before.empty() || before == line ? std::string() : " (" + before + ")");
  }
  if (const std::string line = line_with(end.words, "execve()"); !line.empty()) {
    return name_of(end) + " cannot start " + program + " (" + line +
           "): install orchestrator there at the same path, or name the "
           "program in ORCHESTRATOR_WORKER";
  }
  const std::string cause = cause_of(end);
  if (cause.starts_with("lost its worker")) return name_of(end) + ": its worker does not start: " + found;
  return name_of(end) + " " + cause;
}

}  // namespace orchestrator
