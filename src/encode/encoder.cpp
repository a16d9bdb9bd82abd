#include "encode/encoder.hpp"

#include "base/disk_error.hpp"
#include "base/machine_fault.hpp"
#include "encode/ffmpeg_progress.hpp"
#include "encode/frame_feed.hpp"
#include "encode/yuv.hpp"
#include "media/codecs.hpp"
#include "media/ffmpeg_program.hpp"
#include "media/validate_video.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <csignal>

namespace orchestrator {

namespace asio = boost::asio;

struct Encoder::State {
  State(asio::any_io_executor executor, ChildProcess process, EncoderJob what, std::function<void(std::int64_t)> callback)
      : child(std::move(process)),
        job(std::move(what)),
        on_progress(std::move(callback)),
        changed(executor, asio::steady_timer::time_point::max()) {}

  ChildProcess child;
  EncoderJob job;
  std::function<void(std::int64_t)> on_progress;
  FfmpegProgress progress{};
  bool output_ended{false};
  bool finished{false};
  asio::steady_timer changed;  // never expires; cancelled to wake those who wait for the feed or the progress
  std::unique_ptr<FrameFeed> feed{};

  std::size_t frame_size() const {
    return static_cast<std::size_t>(job.video.width) * static_cast<std::size_t>(job.video.height) * 4;
  }

  /// False if the caller was cancelled.
  asio::awaitable<bool> wait_for_change() {
    boost::system::error_code woken;
    co_await changed.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    co_return !co_await is_cancelled();
  }

  asio::awaitable<Result<void>> wait_for_end() {
    while (!feed->ended() || !output_ended) {
      const bool changed_meanwhile = co_await wait_for_change();
      if (!changed_meanwhile) co_return cancelled_error(Stage::encode, "encoding was cancelled");
    }
    auto status = co_await child.wait();
    if (!status) co_return status.error();
    const std::string last_words = child.error_tail();
    if (status->signal == SIGXFSZ) co_return *disk_error(EFBIG, job.output, Stage::encode);
    if (auto full = disk_error(last_words, job.output, Stage::encode)) co_return *full;
    if (status->success() && feed->error() == 0) co_return Result<void>();
    co_return encoder_error(to_string(*status), last_words, job);
  }
};

namespace {

/// Raw frames become planar YUV in the feed's thread; a picture that did not change is not converted again.
FrameTransform transform_for(const EncoderJob& job) {
  const PixelFormat& format = *find_pixel_format(*find_codec(job.video.codec), job.video.pixel_format);
  if (job.layout == FrameLayout::png || format.rgb) return [](const Frame& frame) { return frame.bytes; };
  const int width = job.video.width, height = job.video.height;
  auto planes = std::make_shared<std::vector<std::uint8_t>>();
  return [planes, &format, width, height](const Frame& frame) -> std::span<const std::byte> {
    if (planes->empty() || !frame.unchanged) {
      planes->resize(planar_size(format, width, height));
      convert_to_yuv(frame.bytes, width, height, format, *planes);
    }
    return std::as_bytes(std::span(*planes));
  };
}

}  // namespace

Error encoder_error(const std::string& how_it_ended, const std::string& output_tail, const EncoderJob& job) {
  Error error{.code = Errc::encoder_failed, .stage = Stage::encode, .output_tail = output_tail};
  if (output_tail.find("Unknown encoder") != std::string::npos) {
    error.code = Errc::encoder_unavailable;
    error.detail = "this ffmpeg has no encoder for video.codec " + job.video.codec + ": install one with libx264";
  } else if (const auto fault = ffmpeg_fault(output_tail)) {
    error.code = Errc::encoder_unavailable;
    error.detail = fault->text();
    error.output_tail.clear();
  } else {
    error.detail = "ffmpeg ended with " + how_it_ended + " while writing " + job.output.string();
  }
  return error;
}

Encoder::Encoder(std::shared_ptr<State> state) : state_(std::move(state)) {}
Encoder::Encoder(Encoder&&) noexcept = default;

Encoder::~Encoder() {
  if (!state_) return;
  state_->on_progress = nullptr;
  if (!state_->finished) state_->child.kill(SIGKILL);
  state_->feed.reset();
}

Result<Encoder> Encoder::start(asio::any_io_executor executor, EncoderJob job, std::function<void(std::int64_t)> on_progress) {
  if (auto valid = validate_video(job.video); !valid) return valid.error();
  auto program = ffmpeg_program(Stage::encode);
  if (!program) return program.error();
  SpawnOptions options{.argv = encoder_arguments(job), .input = {Stdio::Kind::pipe}, .output = {Stdio::Kind::pipe}};
  options.argv.insert(options.argv.begin(), *program);
  auto child = ChildProcess::spawn(executor, options);
  if (!child) {
    return Error{.code = Errc::encoder_unavailable, .detail = child.error().detail, .stage = Stage::encode};
  }
  auto transform = transform_for(job);
  auto state = std::make_shared<State>(executor, std::move(*child), std::move(job), std::move(on_progress));
  // Weak, because a notification on its way must not keep the state alive. It is locked on the strand only.
  std::weak_ptr<State> weak = state;
  auto wake = [weak] {
    if (auto alive = weak.lock()) alive->changed.cancel();
  };
  auto notify = [executor, wake] { asio::post(executor, wake); };
  state->feed = std::make_unique<FrameFeed>(state->child.take_input(), std::move(transform), notify);
  asio::co_spawn(executor, read_progress(state), asio::detached);
  return Encoder(std::move(state));
}

asio::awaitable<void> Encoder::read_progress(std::shared_ptr<State> state) {
  char buffer[4096];
  boost::system::error_code ended;
  while (!ended) {
    const std::size_t size =
        co_await state->child.output().async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, ended));
    if (state->progress.feed({buffer, size}) && state->on_progress) state->on_progress(state->progress.frames());
  }
  state->output_ended = true;
  state->changed.cancel();
}

asio::awaitable<Result<void>> Encoder::write(Frame frame) {
  auto state = state_;
  const Stage stage = Stage::encode;
  if (state->job.layout == FrameLayout::bgr0 && frame.bytes.size() != state->frame_size()) {
    co_return Error{.code = Errc::capture_failed,
                    .detail = "a frame has " + std::to_string(frame.bytes.size()) + " bytes, not width x height x 4",
                    .stage = stage,
                    .frame = frame.number};
  }
  while (!state->feed->try_push(frame)) {
    if (state->feed->ended()) {
      auto end = co_await state->wait_for_end();
      if (!end) co_return end.error();
      co_return Error{.code = Errc::internal, .detail = "a frame was written after finish()", .stage = stage};
    }
    const bool changed = co_await state->wait_for_change();
    if (!changed) co_return cancelled_error(stage, "encoding was cancelled");
  }
  co_return Result<void>();
}

asio::awaitable<Result<void>> Encoder::finish() {
  auto state = state_;
  state->feed->close();
  auto end = co_await state->wait_for_end();
  if (end) state->finished = true;
  co_return end;
}

asio::awaitable<void> Encoder::stop() {
  auto state = state_;
  if (state->finished) co_return;
  state->child.kill(SIGKILL);
  state->feed->close();
  // A cancellation that comes now ends one wait, but not this loop.
  while (!state->feed->ended() || !state->output_ended) (void)co_await state->wait_for_change();
  while (state->child.running()) (void)co_await state->child.wait();
  std::error_code ignored;
  std::filesystem::remove(state->job.output, ignored);
}

std::int64_t Encoder::frames_encoded() const noexcept { return state_->progress.frames(); }
std::chrono::microseconds Encoder::cpu() const noexcept { return state_->child.ended_cpu(); }

}  // namespace orchestrator
