#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

struct SlurmExecutorOptions {
  int workers{4};            ///< jobs at most; each is one worker, which renders one chunk at a time
  std::string partition{};   ///< as srun's --partition; empty: the cluster's default, as for the next two
  std::string account{};     ///< as srun's --account
  std::string constraint{};  ///< as srun's --constraint
  int cpus{2};               ///< of each worker
  int memory_mib{0};         ///< of each worker; 0: the cluster's default
  std::string time{};  ///< limit of each worker's job, as srun's --time ("90", "1:30:00", "2-12"); empty: the cluster's default
  /// More arguments for srun, each with its value: {"--gres=gpu:1", "--qos=low"}. They cannot change the number of tasks, and not
  /// the jobs' names and comments, by which this executor knows them.
  std::vector<std::string> srun_options{};
  /// Composition and output lie in a file system that the nodes share with this machine, under the same paths: workers read and
  /// write there. Otherwise both travel through srun.
  bool shared_files{false};
  /// Command that starts a worker on a node. Empty: PROGRAM worker, where PROGRAM is $ORCHESTRATOR_WORKER, else the
  /// `orchestrator` beside this program, the one installed with the library, or the one on PATH;
  /// it must be at the same path on the nodes.
  std::vector<std::string> worker_command{};
  /// Silence after which either side takes the other for dead. At least 1 s.
  std::chrono::milliseconds heartbeat_timeout{10'000};
  /// From the start of a worker's job to the worker's first word. Waiting in the queue does not count.
  std::chrono::milliseconds start_timeout{60'000};
  /// When nothing was rendered for so long, all jobs are ended; the next render asks for new ones. 0: never.
  std::chrono::milliseconds idle_timeout{60'000};
  /// Takes log lines that concern no chunk: why jobs wait, which have started. Called from the executor's thread; what it throws
  /// is dropped.
  std::function<void(LogLevel, std::string_view)> on_log{};
};

/// Renders chunks in jobs of a Slurm cluster: a worker behind each srun(1), whose streams carry the composition and the chunks.
/// The nodes need `orchestrator`, Chromium and ffmpeg.
///
/// A render starts with the first worker and goes on with more as Slurm allocates them. A worker that Slurm takes away (by
/// preemption, a time limit, a failed node, scancel, lack of memory) fails its chunk with Errc::executor_unavailable, which names
/// job, node and cause, and is asked for again. Jobs end with this object; if this process is killed, a guard process cancels
/// them. Thread safety: any number of renders at a time. Owns one thread. Blocking: the destructor ends the jobs, within 10 s,
/// or 25 s if no controller answers.
class SlurmExecutor final : public RenderExecutor {
 public:
  explicit SlurmExecutor(SlurmExecutorOptions options);
  ~SlurmExecutor() override;
  /// Asks for workers and waits for the first one, however long the queue is. Errors: Errc::invalid_options, naming the field;
  /// Errc::executor_unavailable if Slurm is not installed, does not answer, or refuses such jobs. Cancellation: terminal.
  Awaitable<Result<void>> prepare() override;
  /// The workers that are there, at least 1; plans are cut for all that were asked for.
  ExecutorCapabilities capabilities() const override;
  Awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override;
  Awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context) override;

 private:
  struct Cluster;
  std::unique_ptr<Cluster> cluster_;
};

/// Checks what can be checked without Slurm. Errors: Errc::invalid_options, naming the field.
Result<void> validate_slurm_options(const SlurmExecutorOptions& options);

}  // namespace v0
}  // namespace orchestrator
