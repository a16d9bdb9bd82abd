#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orchestrator {

/// A job as squeue shows it.
struct QueuedJob {
  int place{0};          ///< from its comment (job_comment()); 0 if it is none of ours
  std::string number{};  ///< its id
  std::string state{};   ///< PENDING, RUNNING, ...
  std::string reason{};  ///< why it waits: Resources, Priority, ...
  std::string node{};    ///< empty while it waits
};

/// What squeue is asked to print for parse_queue().
constexpr const char* queue_format = "--format=%i|%T|%r|%N|%k";
/// The newest job of each place. Lines that cannot be read are passed over. Pure.
std::vector<QueuedJob> parse_queue(std::string_view squeue_output);

/// The value of `name` in what `scontrol --oneliner show job` prints; empty if it is not there. Pure.
std::string field_of(std::string_view record, std::string_view name);

/// Whether a job in this state has not begun (squeue(1), "JOB STATE CODES"). Pure.
bool is_waiting(std::string_view state);

/// One sentence for each reason that jobs wait for, which names the first of them, as `{reason, sentence}`. Pure.
std::vector<std::pair<std::string, std::string>> tell_reasons(const std::vector<QueuedJob>& jobs);

}  // namespace orchestrator
