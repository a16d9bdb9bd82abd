// What Slurm's commands say, as Slurm 22.05 says it, and what is made of it.
#include "slurm/job_end.hpp"
#include "slurm/job_records.hpp"
#include "slurm/slurm_place.hpp"
#include "slurm/srun_command.hpp"

#include "support/contains.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orchestrator;
using orchestrator::test::contains;

TEST_CASE("slurm end: each way in which Slurm takes a worker away is told by its name", "[slurm]") {
  struct Case {
    const char* state;
    const char* node_state;
    const char* words;
    const char* cause;
  };
  const std::string step = "slurmstepd-n1: error: *** STEP 5.0 ON n1 CANCELLED AT 2026-11-30T01:37:50";
  const std::string preempted = step + " DUE TO PREEMPTION ***\nsrun: error: n1: task 0: Terminated\n";
  const std::string late = step + " DUE TO TIME LIMIT ***\n";
  const std::string stopped = step + " ***\nsrun: error: n1: task 0: Killed\n";
  const std::string node = step + " DUE TO NODE FAILURE, SEE SLURMCTLD LOG FOR DETAILS ***\n";
  const Case cases[] = {
      {"PREEMPTED", "allocated", "", "was preempted"},
      {"CANCELLED", "idle", preempted.c_str(), "was preempted"},  // the controller may be behind, or not answer
      {"TIMEOUT", "idle", "", "time limit"},
      {"", "", late.c_str(), "time limit"},
      {"OUT_OF_MEMORY", "idle", "", "out of memory"},
      {"COMPLETING", "mixed", "slurmstepd-n1: error: StepId=22.0 exceeded memory limit (328175616 > 104857600), being killed\n",
       "out of memory"},
      {"FAILED", "idle", "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=7.0.\n", "out of memory"},
      {"NODE_FAIL", "down*", "", "lost its node, which failed"},
      {"", "", node.c_str(), "lost its node, which failed"},
      {"RUNNING", "", "srun: error: Node failure on n2\n", "lost its node, which failed"},
      {"RUNNING", "allocated*", "", "lost its node, which does not answer (sinfo: allocated*)"},
      {"REQUEUED", "idle", "", "put back into the queue"},
      {"CANCELLED", "idle", stopped.c_str(), "was cancelled (scancel)"},
      {"FAILED", "idle", stopped.c_str(), "lost its step, which was cancelled"},
      {"", "", stopped.c_str(), "was cancelled, or its step was"},
      {"RUNNING", "allocated", "", "fell silent"},
      {"", "", "", "lost its worker"},
  };
  for (const Case& one : cases) {
    INFO(one.state << " / " << one.words);
    CHECK_THAT(cause_of({.number = "5", .node = "n1", .state = one.state, .node_state = one.node_state, .words = one.words}),
               Catch::Contains(one.cause));
  }
  CHECK(cause_of({.srun = ExitStatus{.code = 3}}) == "lost its worker (srun ended with exit status 3)");
}

TEST_CASE("slurm end: a job is named by its number and node, as far as they are known", "[slurm]") {
  CHECK(name_of({.number = "15", .node = "n1"}) == "Slurm job 15 on node n1");
  CHECK(name_of({.number = "15"}) == "Slurm job 15");
  CHECK(name_of({}) == "a Slurm job");
}

TEST_CASE("slurm end: why a worker does not start is said in Slurm's words, or with what to do", "[slurm]") {
  const auto refusal = [](const char* words, const char* number = "") {
    return refusal_of({.number = number, .srun = ExitStatus{.code = 1}, .words = words}, "the stream ended", "/opt/orchestrator");
  };
  CHECK(refusal("srun: error: invalid partition specified: nopart\n"
                "srun: error: Unable to allocate resources: Invalid partition name specified\n") ==
        "Slurm refuses a worker's job: Unable to allocate resources: Invalid partition name specified");
  CHECK(refusal("srun: unrecognized option '--nonsense'\nTry \"srun --help\" for more information\n") ==
        "Slurm refuses a worker's job: srun: unrecognized option '--nonsense'");
  CHECK(refusal("srun: job 17 queued and waiting for resources\nsrun: Job has been cancelled\n"
                "srun: error: Unable to allocate resources: Job/step already completing or completed\n",
                "17") == "Slurm job 17 was cancelled while it waited in the queue (scancel)");
  CHECK_THAT(refusal("slurmstepd-n1: error: execve(): /opt/orchestrator: No such file or directory\n", "9"),
             Catch::Contains("Slurm job 9 cannot start /opt/orchestrator") && Catch::Contains("ORCHESTRATOR_WORKER"));
  CHECK(refusal("", "9") == "Slurm job 9: its worker does not start: the stream ended");
}

TEST_CASE("slurm queue: the newest job of each place is taken, whatever else is there", "[slurm]") {
  const auto jobs = parse_queue(
      "9|CANCELLED|None|n1|worker 1\n10|PENDING|ReqNodeNotAvail, UnavailableNodes:n2||worker 1\n8|RUNNING|None|n2|worker 2\n"
      "11|RUNNING|None|n2|mine\n12|RUNNING|None|n2|worker 2b\n13|RUNNING|None|n2|worker -4\nslurm_load_jobs error\n\n");
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].number == "10");
  CHECK(jobs[0].state == "PENDING");
  CHECK(jobs[0].reason == "ReqNodeNotAvail, UnavailableNodes:n2");
  CHECK(jobs[0].node.empty());
  CHECK(jobs[1].place == 2);
  CHECK(jobs[1].node == "n2");
}

TEST_CASE("slurm queue: a place's job before is not taken for its new one", "[slurm]") {
  SlurmPlace place(1);
  place.last_job = "9";
  take_note(place, parse_queue("9|CANCELLED|None|n1|worker 1\n"));
  CHECK(place.job.number.empty());
  take_note(place, parse_queue("9|CANCELLED|None|n1|worker 1\n12|RUNNING|None|n2|worker 1\n"));
  CHECK(place.name() == "n2/12");
}

TEST_CASE("slurm queue: each reason for waiting is one sentence that names the first job", "[slurm]") {
  const auto told = tell_reasons({{.place = 1, .number = "15", .state = "PENDING", .reason = "Resources"},
                                  {.place = 2, .number = "16", .state = "PENDING", .reason = "Priority"},
                                  {.place = 3, .number = "17", .state = "PENDING", .reason = "Priority"},
                                  {.place = 4, .number = "18", .state = "PENDING", .reason = "Whatever"},
                                  {.place = 5, .number = "19", .state = "PENDING", .reason = "None"},
                                  {.place = 6, .number = "20", .state = "RUNNING", .reason = "None"}});
  REQUIRE(told.size() == 3);
  CHECK(told[0].second == "Slurm job 16 and 1 more wait in the queue (Priority): other jobs come first");
  CHECK(told[1].second == "Slurm job 15 waits in the queue (Resources): no node with what it asks for is free");
  CHECK(told[2].second == "Slurm job 18 waits in the queue (Whatever)");
}

TEST_CASE("slurm queue: a field of a job's record is found, and another that ends alike is not taken for it", "[slurm]") {
  const std::string record = "JobId=3 JobName=x BatchState=NO JobState=PREEMPTED Reason=None ExitCode=0:15 NodeList=n1\n";
  CHECK(field_of(record, "JobState") == "PREEMPTED");
  CHECK(field_of(record, "NodeList") == "n1");
  CHECK(field_of(record, "State").empty());
}

TEST_CASE("slurm place: each failure in a row doubles the wait, up to a minute", "[slurm]") {
  CHECK(wait_after(1).count() == 1);
  CHECK(wait_after(2).count() == 2);
  CHECK(wait_after(6).count() == 32);
  CHECK(wait_after(7).count() == 60);
  CHECK(wait_after(1'000'000).count() == 60);
}

TEST_CASE("slurm command: the user's arguments cannot change what the executor relies on", "[slurm]") {
  SlurmExecutorOptions options{.partition = "film", .memory_mib = 1500, .time = "1:30:00"};
  options.srun_options = {"--ntasks=8", "--job-name=mine"};
  const auto words = srun_command(options, "orchestrator-1", 3, {"/opt/orchestrator", "worker"}, {"TMPDIR"});
  const auto at = [&](const std::string& word) { return std::find(words.begin(), words.end(), word) - words.begin(); };
  const auto size = static_cast<std::ptrdiff_t>(words.size());
  CHECK(at("--ntasks=8") < at("--ntasks=1"));
  CHECK(at("--job-name=mine") < at("--job-name=orchestrator-1"));
  CHECK(at("--job-name=orchestrator-1") < at("--"));
  for (const char* word : {"--partition=film", "--mem=1500M", "--time=1:30:00", "--cpus-per-task=2", "--comment=worker 3"}) {
    INFO(word);
    CHECK(at(word) < at("--"));
  }
  CHECK(at("TMPDIR") < at("srun"));
  CHECK(at("/opt/orchestrator") == size - 2);
  CHECK_FALSE(contains(words[static_cast<std::size_t>(size) - 3], "account"));
}

TEST_CASE("slurm command: a worker inherits which cluster and whose account, and nothing of the job that it is asked for in",
          "[slurm]") {
  const char* const environment[] = {"PATH=/bin",
                                     "SLURM_CONF=/etc/slurm.conf",
                                     "SLURM_CLUSTERS=east",
                                     "SLURM_JWT=secret",
                                     "SLURM_ACCOUNT=films",
                                     "SLURM_PARTITION=main",
                                     "ORCHESTRATOR_WORKER=/opt/orchestrator",
                                     "SLURM_JOB_ID=17",
                                     "SLURM_EXPORT_ENV=NONE",
                                     "SLURM_GPUS_ON_NODE=2",
                                     "SLURM_MEM_PER_GPU=1",
                                     "SLURM_LABELIO=1",
                                     "SLURM_STDOUTMODE=/dev/null",
                                     "SLURM_SPANK__SLURM_SPANK_OPTION_x=1",
                                     "SLURMD_DEBUG=1",
                                     "SRUN_CPUS_PER_TASK=8",
                                     "SRUN_EXPORT_ENV=NONE",
                                     "TMPDIR=/scratch/17",
                                     "TMP=",
                                     nullptr};
  CHECK(variables_of_this_place(environment) ==
        std::vector<std::string>{"SLURM_JOB_ID", "SLURM_EXPORT_ENV", "SLURM_GPUS_ON_NODE", "SLURM_MEM_PER_GPU", "SLURM_LABELIO",
                                 "SLURM_STDOUTMODE", "SLURM_SPANK__SLURM_SPANK_OPTION_x", "SLURMD_DEBUG", "SRUN_CPUS_PER_TASK",
                                 "SRUN_EXPORT_ENV", "TMPDIR", "TMP"});
  CHECK(variables_of_this_place(nullptr).empty());
}
