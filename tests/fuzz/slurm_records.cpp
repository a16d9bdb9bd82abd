#include "slurm/job_records.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace orchestrator;

bool is_one_line(std::string_view text) { return text.find('\n') == std::string_view::npos; }

/// Each place has one job, whose fields are of one line of squeue's.
void check_queue(std::string_view text) {
  const auto jobs = parse_queue(text);
  int place = 0;
  for (const QueuedJob& job : jobs) {
    if (job.place <= place) std::abort();
    place = job.place;
    const std::string line = job.number + "|" + job.state + "|" + job.reason + "|" + job.node + "|worker ";
    if (!is_one_line(line) || text.find(line) == std::string_view::npos) std::abort();
    static_cast<void>(is_waiting(job.state));
  }
  const auto told = tell_reasons(jobs);
  if (told.size() > jobs.size()) std::abort();
  for (const auto& [reason, sentence] : told) {
    if (!is_one_line(sentence) || sentence.find(reason) == std::string::npos) std::abort();
  }
}

/// A field is a word that follows its name.
void check_field(std::string_view text, const std::string& name) {
  const std::string value = field_of(text, name);
  if (value.empty()) return;
  if (value.find_first_of(" \n") != std::string::npos) std::abort();
  if (text.find(" " + name + "=" + value) == std::string_view::npos) std::abort();
}

}  // namespace

/// What squeue and scontrol print, or whatever stands in their place.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_queue(text);
  for (const char* name : {"JobState", "NodeList", "Comment", "Command", ""}) check_field(text, name);
  return 0;
}
