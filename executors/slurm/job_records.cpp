#include "slurm/job_records.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace orchestrator {

namespace {

/// Splits off what comes before `end`, or all.
std::string_view take_until(std::string_view& text, char end) {
  const auto at = text.find(end);
  const std::string_view part = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + 1);
  return part;
}

/// The place in a job's comment; 0 if it is not as job_comment() writes it.
int place_in(std::string_view comment) {
  constexpr std::string_view begin = "worker ";
  if (!comment.starts_with(begin)) return 0;
  int place = 0;
  const char* const end = comment.data() + comment.size();
  const auto [read_to, failed] = std::from_chars(comment.data() + begin.size(), end, place);
  return failed == std::errc() && read_to == end ? std::max(place, 0) : 0;
}

long number_of(const QueuedJob& job) {
  long number = 0;
  std::from_chars(job.number.data(), job.number.data() + job.number.size(), number);
  return number;
}

struct KnownReason {
  std::string_view begin;
  std::string_view meaning;
};

// squeue(1), "JOB REASON CODES". Of others, the name alone is told.
constexpr std::array<KnownReason, 12> known_reasons{{
    {"Resources", "no node with what it asks for is free"},
    {"Priority", "other jobs come first"},
    {"ReqNodeNotAvail", "a node that it asks for is down, drained or reserved"},
    {"PartitionDown", "the partition is down"},
    {"PartitionInactive", "the partition takes no jobs to nodes now"},
    {"PartitionTimeLimit", "it asks for more time than the partition allows, and will not start"},
    {"PartitionNodeLimit", "it asks for more nodes than the partition has"},
    {"BadConstraints", "no node has what it asks for (constraint, CPUs, memory), and it will not start"},
    {"QOS", "a limit of its quality of service is reached"},
    {"Assoc", "a limit of your account is reached"},
    {"JobHeld", "it is held: scontrol release lets it go on"},
    {"Reservation", "it waits for its reservation"},
}};

std::string meaning_of(std::string_view reason) {
  for (const KnownReason& known : known_reasons) {
    if (reason.starts_with(known.begin)) return ": " + std::string(known.meaning);
  }
  return {};
}

}  // namespace

std::vector<QueuedJob> parse_queue(std::string_view squeue_output) {
  std::map<int, QueuedJob> newest;
  while (!squeue_output.empty()) {
    std::string_view line = take_until(squeue_output, '\n');
    QueuedJob job;
    job.number = take_until(line, '|');
    job.state = take_until(line, '|');
    job.reason = take_until(line, '|');
    job.node = take_until(line, '|');
    job.place = place_in(line);
    if (job.place == 0) continue;
    const auto [known, is_first] = newest.try_emplace(job.place, job);
    if (!is_first && number_of(job) >= number_of(known->second)) known->second = std::move(job);
  }
  std::vector<QueuedJob> jobs;
  for (auto& [place, job] : newest) jobs.push_back(std::move(job));
  return jobs;
}

std::string field_of(std::string_view record, std::string_view name) {
  const std::string begin = " " + std::string(name) + "=";
  const auto at = record.find(begin);
  if (at == std::string_view::npos) return {};
  record.remove_prefix(at + begin.size());
  return std::string(record.substr(0, record.find_first_of(" \n")));
}

bool is_waiting(std::string_view state) { return state == "PENDING" || state == "CONFIGURING" || state == "REQUEUED"; }

std::vector<std::pair<std::string, std::string>> tell_reasons(const std::vector<QueuedJob>& jobs) {
  std::map<std::string, std::vector<std::string>> waiting;
  for (const QueuedJob& job : jobs) {
    if (job.state == "PENDING" && job.reason != "None") waiting[job.reason].push_back(job.number);
  }
  std::vector<std::pair<std::string, std::string>> told;
  for (const auto& [reason, numbers] : waiting) {
    std::string others;
    if (numbers.size() > 1) others = " and " + std::to_string(numbers.size() - 1) + " more";
    told.emplace_back(reason, "Slurm job " + numbers.front() + others + (others.empty() ? " waits" : " wait") +
                                  " in the queue (" + reason + ")" + meaning_of(reason));
  }
  return told;
}

}  // namespace orchestrator
