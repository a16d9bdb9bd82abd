#pragma once

#include <orchestrator/chunk_proof.hpp>
#include <orchestrator/export.hpp>
#include <orchestrator/progress.hpp>
#include <orchestrator/render_executor.hpp>
#include <orchestrator/render_plan.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// One chunk of a finished render.
struct ChunkReport {
  int id{0};
  std::int64_t start_frame{0};
  std::int64_t frame_count{0};
  int attempts{0};
  ChunkResult result{};
};

struct RenderResult {
  std::filesystem::path output{};
  std::int64_t frames{0};  ///< counted in the finished file
  int width{0};
  int height{0};
  Rational fps{};
  int workers{0};  ///< chunks that the executor had at the same time, at most
  std::chrono::milliseconds wall{0};
  std::chrono::milliseconds assemble{0};  ///< the part of `wall` after all chunks and the sound were ready
  std::vector<ChunkReport> chunks{};
};

/// Where a chunk that is rendered by itself goes, with its proof.
struct ChunkTarget {
  std::filesystem::path folder{};  ///< made if it is not there
  bool overwrite{false};           ///< render again what is finished, and replace whatever lies under the chunk's name
};

/// A chunk that was rendered by itself.
struct RenderedChunk {
  std::filesystem::path file{};  ///< its proof lies beside it (proof_file())
  ChunkProof proof{};
  bool was_there{false};  ///< it had been finished before, and was not rendered again
  ChunkReport report{};
  std::chrono::milliseconds wall{0};
};

class LocalExecutor;

/// Turns options into a video file: plan, schedule, execute, assemble.
///
/// Thread safety: distinct renders may run at the same time on distinct threads; one object may serve them all as long as
/// its executor may. Never prints, never exits; the output appears under its name only when it is finished.
class RenderOrchestrator {
 public:
  /// Renders on this machine with a LocalExecutor: include <orchestrator/executors/local_executor.hpp> and link
  /// `orchestrator::local`, or give another executor.
  template <class Local = LocalExecutor>
  RenderOrchestrator() : RenderOrchestrator(make_default<Local>()) {}
  /// `executor` must outlive this object.
  explicit RenderOrchestrator(RenderExecutor& executor);
  explicit RenderOrchestrator(std::unique_ptr<RenderExecutor> executor);
  ~RenderOrchestrator();
  RenderOrchestrator(RenderOrchestrator&&) noexcept;
  RenderOrchestrator& operator=(RenderOrchestrator&&) noexcept;

  /// The plan that a render would follow. Pure: no I/O, same answer for same arguments. Size and rate that are left open are the
  /// defaults (see complete()), and frames must be chosen. `capabilities.slots` is used when
  /// chunking.workers is 0.
  [[nodiscard]] static Result<RenderPlan> plan(const RenderOptions& options, const ExecutorCapabilities& capabilities = {});

  /// Has the executor load the composition's page, and returns what it says of itself. Of the options, `composition`, `props`,
  /// `page`, `video`, `capture` and `timeouts` count. Errors: as render(), and Errc::executor_unavailable if the executor cannot
  /// look at compositions.
  [[nodiscard]] Result<CompositionDescription> describe(const RenderOptions& options, const RenderEvents& events = {},
                                                        std::stop_token stop = {});
  [[nodiscard]] Awaitable<Result<CompositionDescription>> async_describe(RenderOptions options, RenderEvents events = {});
  /// The options with what they leave to the composition (fill_in()), which is looked at only if they leave anything: what
  /// render() does first. With an executor that cannot look at compositions, size and rate are the defaults.
  [[nodiscard]] Result<RenderOptions> complete(const RenderOptions& options, const RenderEvents& events = {},
                                               std::stop_token stop = {});
  [[nodiscard]] Awaitable<Result<RenderOptions>> async_complete(RenderOptions options, RenderEvents events = {});

  /// Renders, and blocks until the output is finished or the render has failed. Cancellation: request `stop`; the call then
  /// returns Errc::cancelled after children have ended and temporary files are gone.
  [[nodiscard]] Result<RenderResult> render(const RenderOptions& options, const RenderEvents& events = {},
                                            std::stop_token stop = {});
  /// Renders by a plan that was made before, by plan() or plan_from_json(): its chunks, as many at a time as it says,
  /// whatever slots the executor has meanwhile. A plan that contradicts itself is refused.
  [[nodiscard]] Result<RenderResult> render(const RenderPlan& plan, const RenderEvents& events = {}, std::stop_token stop = {});

  /// As render(), in a coroutine of a program that runs Asio: await it, or co_spawn it on any executor; async_render.hpp has it
  /// for all completion tokens. It makes a strand of its own and calls `events` there. Cancellation: terminal, completes with
  /// Errc::cancelled as above. Lifetime: the loop must run until the call has completed.
  [[nodiscard]] Awaitable<Result<RenderResult>> async_render(RenderOptions options, RenderEvents events = {});
  [[nodiscard]] Awaitable<Result<RenderResult>> async_render(RenderPlan plan, RenderEvents events = {});

  /// Renders one chunk of a plan, with its proof, for people with a queue of their own, who let assemble() join the chunks
  /// afterwards. What an earlier call has finished for the same plan is not rendered again. What lies under the chunk's name and
  /// is not from a call for this chunk of this plan is an error, Errc::invalid_options. The plan's `overwrite` is about the film.
  /// Everything else is as of render(plan).
  [[nodiscard]] Result<RenderedChunk> render_chunk(const RenderPlan& plan, int chunk, const ChunkTarget& target,
                                                   const RenderEvents& events = {}, std::stop_token stop = {});
  [[nodiscard]] Awaitable<Result<RenderedChunk>> async_render_chunk(RenderPlan plan, int chunk, ChunkTarget target,
                                                                    RenderEvents events = {});

  /// Mixes the sound and joins chunks that render_chunk() made into the plan's output; the result is that of render(plan). The
  /// files stay. Errors: Errc::chunk_invalid, naming the file or the chunks, if one is missing, there twice, of another plan,
  /// rendered from another content, or not as it was rendered; as render(). Different versions are a warning.
  [[nodiscard]] static Result<RenderResult> assemble(const RenderPlan& plan, std::vector<std::filesystem::path> chunk_files,
                                                     const RenderEvents& events = {}, std::stop_token stop = {});
  [[nodiscard]] static Awaitable<Result<RenderResult>> async_assemble(RenderPlan plan,
                                                                      std::vector<std::filesystem::path> chunk_files,
                                                                      RenderEvents events = {});

  RenderExecutor& executor() noexcept;

 private:
  template <class Local>
  static std::unique_ptr<RenderExecutor> make_default() {
    static_assert(
        requires { sizeof(Local); },
        "RenderOrchestrator without an executor renders with LocalExecutor: include "
        "<orchestrator/executors/local_executor.hpp> and link orchestrator::local, or give an executor");
    return std::make_unique<Local>();
  }

  std::unique_ptr<RenderExecutor> owned_;
  RenderExecutor* executor_;
};

}  // namespace v0
}  // namespace orchestrator
