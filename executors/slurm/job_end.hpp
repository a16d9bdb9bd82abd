#pragma once

#include <orchestrator/worker/child_process.hpp>

#include <optional>
#include <string>

namespace orchestrator {

/// What is known of a job whose worker is lost.
struct JobEnd {
  std::string number{};              ///< empty: not known
  std::string node{};                ///< empty: not known
  std::string state{};               ///< scontrol's JobState: RUNNING, PREEMPTED, ...; empty: not known
  std::string node_state{};          ///< sinfo's %T: idle, down*, ...; empty: not known
  std::optional<ExitStatus> srun{};  ///< how srun ended, if it did
  std::string words{};               ///< the last lines that srun wrote
};

/// "Slurm job 15 on node n1", or as much of it as is known.
std::string name_of(const JobEnd& end);

/// What ended a job, as the predicate of a sentence, with what to do about it where that is known. Pure.
std::string cause_of(const JobEnd& end);

/// Why a worker did not start: what Slurm said against the job, or cause_of(). `found`: what the conversation with the worker
/// ended with; `program`: the worker's. Pure.
std::string refusal_of(const JobEnd& end, const std::string& found, const std::string& program);

}  // namespace orchestrator
