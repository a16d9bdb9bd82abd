#include <orchestrator/testing/fake_executor.hpp>

#include "base/invalid_options.hpp"
#include "media/output_format.hpp"
#include "media/run_ffmpeg.hpp"
#include "testing/fake_picture.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/this_coro.hpp>

#include <memory>
#include <system_error>
#include <utility>

namespace orchestrator {
inline namespace v0 {
namespace testing {

namespace asio = boost::asio;

namespace {

/// How often a chunk that waits for a slot looks for one.
constexpr std::chrono::milliseconds slot_interval{10};

struct Leave {
  void operator()(std::atomic<int>* taken) const { --*taken; }
};
/// Free again when it is destroyed; none if null.
using Slot = std::unique_ptr<std::atomic<int>, Leave>;

Slot take_slot(std::atomic<int>& taken, const std::atomic<int>& slots) {
  for (int before = taken; before < slots;) {
    if (taken.compare_exchange_weak(before, before + 1)) return Slot(&taken);
  }
  return {};
}

Result<void> check_size(const VideoOptions& video) {
  if (video.width >= picture_columns * least_cell && video.height >= picture_rows * least_cell) return {};
  return invalid_options("video: a FakeExecutor draws its numbers from " + std::to_string(picture_columns * least_cell) + "x" +
                         std::to_string(picture_rows * least_cell) + " pixels on, not " + std::to_string(video.width) + "x" +
                         std::to_string(video.height));
}

std::vector<std::string> drawing_arguments(const ChunkJob& job) {
  const PixelFormat& pixels = chunk_format(job.video).pixels;
  std::vector<std::string> result{"-f", "lavfi", "-i", picture_source(job), "-frames:v", std::to_string(job.frames.count())};
  result.insert(result.end(), {pixels.rgb ? "-pix_fmt" : "-vf", pixels.rgb ? "rgb24" : yuv_filter(pixels)});
  const auto file = chunk_file_arguments(job.video, job.output);
  result.insert(result.end(), file.begin(), file.end());
  return result;
}

/// Takes as long as the job's frames up to `last` take. False if this coroutine is cancelled.
asio::awaitable<bool> take_time(const ChunkJob& job, std::int64_t last, std::chrono::milliseconds frame_delay,
                                ChunkContext& context) {
  for (std::int64_t done = 1; done <= last - job.frames.first; ++done) {
    const bool waited = co_await pause(frame_delay);
    if (!waited) co_return false;
    context.progress(done, done);
  }
  co_return true;
}

/// Takes the chunk's file away again, unless it is kept.
class ChunkFile {
 public:
  explicit ChunkFile(std::filesystem::path file) : file_(std::move(file)) {}
  ~ChunkFile() {
    std::error_code ignored;
    if (!file_.empty()) std::filesystem::remove(file_, ignored);
  }
  ChunkFile(const ChunkFile&) = delete;
  ChunkFile& operator=(const ChunkFile&) = delete;
  void keep() { file_.clear(); }

 private:
  std::filesystem::path file_;
};

asio::awaitable<Result<void>> fail(const ChunkJob& job, Error error, std::chrono::milliseconds frame_delay,
                                   ChunkContext& context) {
  const std::int64_t last = error.frame.value_or(job.frames.first);
  const bool waited = co_await take_time(job, last, frame_delay, context);
  if (!waited) co_return cancelled_error();
  co_return error;
}

asio::awaitable<Result<void>> draw(const ChunkJob& job, std::chrono::milliseconds frame_delay, ChunkContext& context) {
  Error failure{
      .code = Errc::encoder_failed, .detail = "chunk " + job.output.string() + " cannot be drawn", .stage = Stage::encode};
  auto arguments = drawing_arguments(job);
  ChunkFile file(job.output);
  auto drawn = co_await run_ffmpeg(std::move(arguments), job.output, std::move(failure));
  if (!drawn) co_return drawn.error();
  const bool waited = co_await take_time(job, job.frames.last, frame_delay, context);
  if (!waited) co_return cancelled_error();
  file.keep();
  co_return Result<void>();
}

}  // namespace

FakeExecutor::FakeExecutor(FakeExecutorOptions options) : options_(std::move(options)), slots_(options_.slots) {}

asio::awaitable<Result<void>> FakeExecutor::prepare() {
  if (options_.not_ready) co_return *options_.not_ready;
  co_return Result<void>();
}

ExecutorCapabilities FakeExecutor::capabilities() const { return {.slots = slots_, .warm_slots = true, .describes = true}; }

asio::awaitable<Result<CompositionDescription>> FakeExecutor::describe(DescribeJob, ChunkContext&) {
  co_return options_.description;
}

void FakeExecutor::set_slots(int slots) noexcept { slots_ = slots; }

std::vector<ChunkJob> FakeExecutor::jobs() const {
  const std::scoped_lock lock(mutex_);
  return jobs_;
}

asio::awaitable<Result<ChunkResult>> FakeExecutor::render_chunk(ChunkJob job, ChunkContext& context) {
  co_await asio::this_coro::throw_if_cancelled(false);
  {
    const std::scoped_lock lock(mutex_);
    jobs_.push_back(job);
  }
  job.video = with_defaults(std::move(job.video));
  if (auto fits = check_size(job.video); !fits) co_return fits.error();
  Slot slot = take_slot(taken_, slots_);
  while (!slot) {
    const bool waited = co_await pause(slot_interval);
    if (!waited) co_return cancelled_error(Stage::start, "cancelled before there was a slot");
    slot = take_slot(taken_, slots_);
  }
  const auto failure = options_.failures.find(job.chunk);
  const bool fails = failure != options_.failures.end();
  auto work = fails ? fail(job, failure->second, options_.frame_delay, context) : draw(job, options_.frame_delay, context);
  const auto done = co_await std::move(work);
  if (!done) co_return done.error();
  co_return ChunkResult{
      .file = job.output, .frames = job.frames.count(), .capture = "none", .contract = "none", .worker = "fake"};
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
