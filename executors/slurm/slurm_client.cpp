#include "slurm/slurm_client.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

// Slurm's commands try for 9 s (MessageTimeout's default is 10 s) to reach a controller that does not listen.
constexpr std::chrono::seconds answer_limit{15};

Error unavailable(std::string detail, std::string tail = {}) {
  return Error{
      .code = Errc::executor_unavailable, .detail = std::move(detail), .stage = Stage::start, .output_tail = std::move(tail)};
}

asio::awaitable<Result<ProgramOutput>> ask(std::vector<std::string> argv) {
  SpawnOptions options{.argv = std::move(argv)};
  options.own_group = true;  // a Ctrl-C in a terminal must reach only this program
  co_return co_await run_program(std::move(options), answer_limit);
}

/// What a command printed; empty if it failed.
asio::awaitable<std::string> printed(std::vector<std::string> argv) {
  auto output = co_await ask(std::move(argv));
  co_return output && output->status.success() ? output->output : std::string();
}

}  // namespace

asio::awaitable<Result<void>> find_slurm() {
  for (const char* program : {"srun", "squeue", "scancel", "scontrol", "sinfo"}) {
    if (find_program(program).empty()) {
      co_return unavailable(std::string(program) +
                            " was not found on PATH: Slurm's commands are needed here (apt-get install slurm-client)");
    }
  }
  std::vector<std::string> ping{"scontrol", "ping"};
  auto answer = co_await ask(std::move(ping));
  if (!answer && answer.error().code == Errc::cancelled) co_return answer.error();
  if (!answer) co_return unavailable("scontrol: " + answer.error().detail);
  if (answer->output.find(" is UP") != std::string::npos) co_return Result<void>{};
  const std::string said = answer->output.substr(0, answer->output.find('\n'));
  co_return unavailable("no Slurm controller answers (`scontrol ping`" + (said.empty() ? std::string() : ": " + said) +
                            "): is SLURM_CONF right, and is slurmctld running?",
                        answer->error_tail);
}

asio::awaitable<std::vector<QueuedJob>> ask_queue(std::string job_name) {
  std::vector<std::string> argv{"squeue", "--noheader", "--states=all", "--name=" + job_name, queue_format};
  const std::string text = co_await printed(std::move(argv));
  co_return parse_queue(text);
}

asio::awaitable<void> ask_end(JobEnd& end) {
  if (end.number.empty()) co_return;
  std::vector<std::string> job{"scontrol", "--oneliner", "show", "job", end.number};
  const std::string record = co_await printed(std::move(job));
  end.state = field_of(record, "JobState");
  if (end.node.empty()) co_return;
  std::vector<std::string> node{"sinfo", "--noheader", "--nodes=" + end.node, "--format=%T"};
  const std::string states = co_await printed(std::move(node));
  end.node_state = states.substr(0, states.find('\n'));
}

asio::awaitable<bool> cancel_jobs(std::string job_name) {
  std::vector<std::string> argv{"scancel", "--name=" + job_name};
  auto done = co_await ask(std::move(argv));
  co_return done && done->status.success();
}

}  // namespace orchestrator
