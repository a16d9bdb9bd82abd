#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_executor.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {
namespace testing {

struct FakeExecutorOptions {
  int slots{1};                              ///< chunks that it renders at once; those beyond wait
  std::chrono::milliseconds frame_delay{0};  ///< how long a frame takes
  /// Chunks that fail, and how. With `frame`, the frames before it are reported as done first.
  std::map<int, Error> failures{};
  std::optional<Error> not_ready{};  ///< what prepare() fails with
  /// What describe() says of every composition, at once.
  CompositionDescription description{.contract = "fake", .compositions = {DescribedComposition{}}};
};

/// Renders chunks without a browser, for unit tests of programs that use this library. ffmpeg makes real chunk files, in the
/// codec, size and rate asked for; each frame shows its number as six digits, on the chunk's colour. No composition is
/// looked at. Pictures have at least 50x14 pixels, else Errc::invalid_options.
///
/// Thread safety: any number of renders at a time; every function may be called on any thread. Cancellation: at once, and the
/// chunk's file is removed.
class FakeExecutor final : public RenderExecutor {
 public:
  explicit FakeExecutor(FakeExecutorOptions options = {});

  Awaitable<Result<void>> prepare() override;
  ExecutorCapabilities capabilities() const override;
  Awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override;
  Awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context) override;

  /// How many chunks it renders at once from now on, also for renders that are under way; those beyond wait. 0: none for now.
  void set_slots(int slots) noexcept;
  /// The jobs that it was given so far, in the order in which they came.
  std::vector<ChunkJob> jobs() const;

 private:
  FakeExecutorOptions options_;
  std::atomic<int> slots_;
  std::atomic<int> taken_{0};  ///< slots that have a chunk
  mutable std::mutex mutex_{};
  std::vector<ChunkJob> jobs_{};
};

/// What a frame of a FakeExecutor shows.
struct FakeFrame {
  std::int64_t number{0};  ///< the composition's frame number, modulo 1,000,000
  int colour{0};           ///< the chunk's id, modulo 8
  friend bool operator==(const FakeFrame&, const FakeFrame&) = default;
};

/// Decodes a film or chunk that was made by a FakeExecutor, and reads each frame. Blocking. Errors: the file cannot be decoded,
/// or a frame shows no number; the detail names file and frame.
[[nodiscard]] Result<std::vector<FakeFrame>> read_fake_film(const std::filesystem::path& film);

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
