#include "serve/video_decoder.hpp"

#include "media/ffmpeg_program.hpp"
#include "process/descriptors.hpp"
#include "serve/picture_splitter.hpp"
#include "serve/shown_frames.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unistd.h>

#include <charconv>
#include <csignal>
#include <deque>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

// Ahead of need, so that ffmpeg decodes while the browser draws. What is ahead is in memory.
constexpr std::size_t most_frames_ahead = 3;
constexpr std::size_t most_bytes_ahead = std::size_t{32} << 20;
constexpr std::size_t read_bytes = std::size_t{256} << 10;

Error unusable(std::string reason) {
  return Error{.code = Errc::page_error, .detail = std::move(reason), .stage = Stage::capture};
}

}  // namespace

struct VideoDecoder::State {
  State(asio::any_io_executor executor, ChildProcess process, UniqueFd stderr_end, std::string name)
      : child(std::move(process)),
        errors(executor, stderr_end.release()),
        file(std::move(name)),
        arrived(executor, asio::steady_timer::time_point::max()),
        changed(executor, asio::steady_timer::time_point::max()) {}

  ChildProcess child;
  asio::posix::stream_descriptor errors;
  std::string file;  ///< as ffmpeg calls it
  PictureSplitter pictures{};
  ShownFrames shown{};
  bool errors_ended{false};
  std::deque<SourceFrame> ahead{};
  std::size_t bytes_ahead{0};
  std::int64_t frames{0};
  bool ended{false};  ///< no frame comes any more but those ahead
  std::optional<Error> failure{};
  asio::steady_timer arrived;  ///< cancelled to wake next(), for which it has the time limit
  asio::steady_timer changed;  ///< never expires; cancelled when a frame was taken or stderr has ended

  bool full() const { return ahead.size() >= most_frames_ahead || bytes_ahead >= most_bytes_ahead; }

  void fail(std::string reason) {
    if (!failure) failure = unusable(std::move(reason));
    ended = true;
    child.kill(SIGKILL);
    boost::system::error_code ignored;
    child.output().close(ignored);
    arrived.cancel();
    changed.cancel();
  }

  /// ffmpeg tells a frame's time before it writes the picture, but the two come through two pipes.
  void match() {
    while (!failure && pictures.has_picture() && shown.has_frame()) {
      const ShownFrame frame = *shown.next();
      if (!frame.time || !shown.time_base()) return fail("a frame has no time");
      ahead.push_back({*frame.time, frame.key, std::make_shared<const std::string>(*pictures.next())});
      bytes_ahead += ahead.back().picture->size();
      ++frames;
    }
    if (!ahead.empty()) arrived.cancel();
  }

  void note_end(const Result<ExitStatus>& status) {
    std::string complaint = shown.complaint();
    if (complaint.starts_with(file + ": ")) complaint.erase(0, file.size() + 2);
    if (!status || !status->success()) {
      const std::string how = status ? to_string(*status) : status.error().detail;
      fail(complaint.empty() ? "ffmpeg ended with " + how : complaint);
    } else if (shown.cut_short()) {
      fail("the file is cut short: " + complaint);
    } else if (pictures.has_picture() || pictures.amid_picture()) {
      fail("ffmpeg wrote a picture without a time, or half a picture");
    } else if (frames == 0) {
      fail("it has no frames" + (complaint.empty() ? "" : ": " + complaint));
    }
    ended = true;
    arrived.cancel();
  }

  SourceFrame take() {
    SourceFrame frame = std::move(ahead.front());
    ahead.pop_front();
    bytes_ahead -= frame.picture->size();
    changed.cancel();
    return frame;
  }
};

namespace {

using DecoderState = std::shared_ptr<VideoDecoder::State>;

asio::awaitable<void> read_times(DecoderState state) {
  char buffer[4096];
  boost::system::error_code failed;
  while (!failed) {
    const std::size_t size =
        co_await state->errors.async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failed));
    state->shown.feed({buffer, size});
    state->match();
  }
  state->errors_ended = true;
  state->changed.cancel();
}

asio::awaitable<void> read_pictures(DecoderState state) {
  std::vector<char> buffer(read_bytes);
  boost::system::error_code failed, woken;
  while (!failed && !state->failure) {
    if (state->full()) {
      co_await state->changed.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      continue;
    }
    const std::size_t size =
        co_await state->child.output().async_read_some(asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failed));
    auto fed = state->pictures.feed({buffer.data(), size});
    if (!fed) state->fail(fed.error().detail);
    state->match();
  }
  const auto status = co_await state->child.wait();
  while (!state->errors_ended) co_await state->changed.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  state->note_end(status);
}

// Pixels that are not square become so, with the size and the kind of interpolation that Remotion's pictures have (measured:
// equal to them byte for byte, and with ffmpeg's own choice, bicubic, not).
constexpr const char* filters =
    "showinfo=checksum=0,"
    "scale=w='max(iw,round(iw*sar))':h='if(eq(sar,1),ih,ceil(ow/dar))':flags=bilinear";

std::string decimal_seconds(double seconds) {
  char text[64];
  const auto end = std::to_chars(std::begin(text), std::end(text), seconds, std::chars_format::fixed, 6);
  return {text, end.ptr};
}

}  // namespace

std::vector<std::string> decoder_arguments(const DecoderStart& start) {
  // level+info: ShownFrames reads these lines. xerror: a damaged frame ends ffmpeg; otherwise it would be a wrong picture.
  std::vector<std::string> arguments{"-hide_banner", "-nostdin", "-nostats", "-loglevel",
                                     "level+info",   "-xerror",  "-fflags",  "+genpts"};
  // Both: times are those of the file, of which the first need not be 0. noaccurate_seek: from the key frame on, all are shown.
  arguments.insert(arguments.end(), {"-copyts", "-seek_timestamp", "1", "-noaccurate_seek"});
  if (start.from_s) arguments.insert(arguments.end(), {"-ss", decimal_seconds(*start.from_s)});
  arguments.insert(arguments.end(), {"-protocol_whitelist", source_protocols, "-format_whitelist", source_formats});
  if (!start.decoder.empty()) arguments.insert(arguments.end(), {"-c:v", start.decoder});
  // Four threads decode 1080p faster than a page is drawn, and each keeps a frame in memory.
  arguments.insert(arguments.end(), {"-threads", "4", "-i", "file:" + start.file.string(), "-map", "0:V:0"});
  arguments.insert(arguments.end(), {"-vf", filters, "-filter_threads", "1", "-fps_mode", "passthrough"});
  arguments.insert(arguments.end(),
                   {"-pix_fmt", start.transparent ? "rgba" : "bgr24", "-c:v", start.transparent ? "png" : "bmp"});
  // A PNG lives as long as the browser needs to read it.
  if (start.transparent) arguments.insert(arguments.end(), {"-compression_level", "1"});
  arguments.insert(arguments.end(), {"-f", "image2pipe", "pipe:1"});
  return arguments;
}

VideoDecoder::VideoDecoder(std::shared_ptr<State> state) : state_(std::move(state)) {}
VideoDecoder::VideoDecoder(VideoDecoder&&) noexcept = default;
VideoDecoder::~VideoDecoder() {
  if (state_) stop();
}

Result<VideoDecoder> VideoDecoder::start(asio::any_io_executor executor, const DecoderStart& start) {
  auto program = ffmpeg_program(Stage::capture);
  if (!program) return program.error();
  auto errors = make_pipe();
  if (!errors) return errors.error();
  SpawnOptions options{.argv = decoder_arguments(start), .output = {Stdio::Kind::pipe}, .capture_errors = false};
  options.argv.insert(options.argv.begin(), *program);
  options.extra_fds = {{errors->write.get(), STDERR_FILENO}};  // read here, because the frames' times are on it
  options.own_group = true;
  auto child = ChildProcess::spawn(executor, options);
  if (!child) return Error{.code = Errc::encoder_unavailable, .detail = child.error().detail, .stage = Stage::capture};
  auto state = std::make_shared<State>(executor, std::move(*child), std::move(errors->read), "file:" + start.file.string());
  asio::co_spawn(executor, read_times(state), asio::detached);
  asio::co_spawn(executor, read_pictures(state), asio::detached);
  return VideoDecoder(std::move(state));
}

asio::awaitable<Result<std::optional<SourceFrame>>> VideoDecoder::next(std::chrono::milliseconds limit) {
  auto state = state_;
  while (state->ahead.empty() && !state->ended) {
    state->arrived.expires_after(limit);
    boost::system::error_code woken;
    co_await state->arrived.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const bool late = !woken && state->ahead.empty() && !state->ended;
    if (late) state->fail("ffmpeg gave no frame within " + std::to_string(limit.count()) + " ms");
  }
  std::optional<SourceFrame> frame;
  if (!state->ahead.empty()) {
    frame = state->take();
  } else if (state->failure) {
    co_return *state->failure;
  }
  co_return frame;
}

Rational VideoDecoder::time_base() const { return *state_->shown.time_base(); }
void VideoDecoder::stop() { state_->fail("it was stopped"); }

}  // namespace orchestrator
