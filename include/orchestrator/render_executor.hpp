#pragma once

#include <orchestrator/awaitable.hpp>
#include <orchestrator/chunk.hpp>
#include <orchestrator/composition_description.hpp>
#include <orchestrator/export.hpp>
#include <orchestrator/headers_path.hpp>
#include <orchestrator/progress.hpp>

#include <memory>
#include <stop_token>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// What an executor can do at once.
struct ExecutorCapabilities {
  int slots{1};            ///< chunks that the executor renders well at the same time
  bool warm_slots{false};  ///< a slot keeps its browser between chunks, so small chunks are cheap
  int most_slots{0};       ///< slots that there may be later, by which plans are cut; 0: as many as now
  bool describes{false};   ///< describe() is there
};

/// What a running chunk may call, or a describe(). Valid until that call ends; not thread-safe (BlockingExecutor's is).
class ChunkContext {
 public:
  virtual ~ChunkContext() = default;
  /// Frames captured and frames encoded so far; cheap, call as often as you like.
  virtual void progress(std::int64_t captured, std::int64_t encoded) = 0;
  virtual void log(LogLevel level, std::string_view text) = 0;
};

/// Renders chunks somewhere. To render on your own farm, derive from this class (examples/custom_executor.cpp), or from
/// BlockingExecutor, which needs no coroutines. An executor around another one hands every call on to it.
///
/// `render_chunk` runs on the render's strand, up to `slots` at a time, or as many as ChunkingOptions::workers or a plan says.
/// A chunk for which there is no slot waits for one. Its result's `file` must be a file of its own on this machine; a chunk that
/// fails leaves none. Cancellation: arrives as Asio terminal cancellation of the coroutine (this_coro::cancellation_state); the
/// chunk must then end soon and leave nothing behind. Errors: return them; an exception becomes Errc::internal. Ownership: the
/// executor must outlive every render that uses it: it is not destroyed while a call is under way.
class RenderExecutor {
 public:
  virtual ~RenderExecutor() = default;
  /// Called by each render before it asks for the capabilities, so that the executor can find them out (on other machines, for
  /// example). Must not block. Errors end the render. Cancellation: terminal; must then end soon.
  virtual Awaitable<Result<void>> prepare() = 0;
  /// Asked again and again while a render runs, so that hosts that are lost and farms that grow are seen: the next chunks go by
  /// the last answer, unless ChunkingOptions::workers says how many run at the same time. 0 slots: no further chunk for now.
  /// Called on any thread; quick.
  virtual ExecutorCapabilities capabilities() const = 0;
  virtual Awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) = 0;
  /// Has a worker load the composition, and says what its page says of itself: how long it is, its size. Called where the
  /// options leave that open, if the capabilities say that the executor `describes`; without it they have to say all. Slots,
  /// cancellation, errors and ownership are as of render_chunk; `context` is for logs.
  virtual Awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context);
};

/// An executor without coroutines: override one blocking function, which is called on a new thread for each chunk.
/// Cancellation: `stop` is requested; return soon. `context` may be used from that thread.
class BlockingExecutor : public RenderExecutor {
 public:
  /// Ready at once.
  Awaitable<Result<void>> prepare() override;
  virtual Result<ChunkResult> render_chunk_blocking(const ChunkJob& job, ChunkContext& context, std::stop_token stop) = 0;

 private:
  Awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) final;
};

}  // namespace v0
}  // namespace orchestrator
