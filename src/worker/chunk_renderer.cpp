#include "worker/chunk_renderer.hpp"

#include "base/ms_since.hpp"
#include "base/web_url.hpp"
#include "media/ffmpeg_version.hpp"
#include "worker/still_watch.hpp"

#include <orchestrator/version.hpp>

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>

#include <sys/resource.h>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

std::chrono::microseconds own_cpu() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& time) { return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec); };
  return us(usage.ru_utime) + us(usage.ru_stime);
}

bool fits(const CaptureOptions& running, const ChunkJob& job, const std::string& without_shm) {
  return running.without_shm == without_shm && running.mode == job.capture && running.width == job.video.width &&
         running.height == job.video.height && running.locale == job.page.locale;
}

}  // namespace

ChunkRenderer::ChunkRenderer(ChunkReports reports, BrowserPlace place) : reports_(std::move(reports)), place_(std::move(place)) {
  reports_.log = [this, log = std::move(reports_.log)](LogLevel level, std::string_view text) {
    log(level, server_ ? server_->with_local_paths(text) : std::string(text));
  };
}
ChunkRenderer::~ChunkRenderer() = default;

asio::awaitable<Result<ChunkResult>> ChunkRenderer::render(ChunkJob job, FileSource source) {
  const Work<ChunkResult> work = [&](const std::string& url) { return render_frames(job, url); };
  auto result = co_await with_page(job, std::move(source), work);
  std::error_code ignored;
  if (!result) fs::remove(job.output, ignored);
  co_return result;
}

asio::awaitable<Result<CompositionDescription>> ChunkRenderer::describe(ChunkJob job, FileSource source) {
  const Work<CompositionDescription> work = [&](const std::string& url) { return look_at_page(job, url); };
  co_return co_await with_page(job, std::move(source), work);
}

asio::awaitable<Result<CompositionDescription>> ChunkRenderer::look_at_page(const ChunkJob& job, const std::string& url) {
  auto page = co_await load_page(job, url);
  if (!page) co_return page.error();
  if (server_->failure()) co_return *server_->failure();
  CompositionDescription description{
      .contract = std::move(page->contract), .traits = page->traits, .compositions = std::move(page->compositions)};
  co_return description;
}

/// Does `work` with the URL at which the job's page is served, and leaves the page afterwards.
template <class T>
asio::awaitable<Result<T>> ChunkRenderer::with_page(const ChunkJob& job, FileSource source, const Work<T>& work) {
  auto url = co_await resolve_composition(job.composition, std::move(source));
  if (!url) co_return url.error();
  if (job.composition != composition_without_shm_) without_shm_.clear();
  auto result = co_await work(*url);
  if (!result) {
    const bool another_way = co_await change_backend(job, result.error());
    if (another_way) result = co_await work(*url);
  }
  if (!result) result = server_->explain(result.error());
  co_await end_page();
  co_return result;
}

/// True if another backend is to render the chunk because this one cannot show the page. It starts again at the first frame,
/// because the frames of two backends may have different layouts.
asio::awaitable<bool> ChunkRenderer::change_backend(const ChunkJob& job, const Error& error) {
  const bool another = job.capture == CaptureMode::automatic && browser_ && browser_->lost_screen();
  const bool cancelled = co_await is_cancelled();
  if (!another || cancelled) co_return false;
  composition_without_shm_ = job.composition;
  without_shm_ = error.detail;
  std::string where;
  if (error.frame) where = "frame " + std::to_string(*error.frame) + ": ";
  reports_.log(LogLevel::warning, "capture: " + where + error.detail + "; the chunk starts again in another way");
  co_return true;
}

/// Ends the page: nothing of it runs on, and it sees nothing of what is served next. A page whose job was cancelled may be in the
/// middle of anything, so its browser is ended, too, as is that of a page that cannot be left.
asio::awaitable<void> ChunkRenderer::end_page() {
  const bool was_cancelled = co_await is_cancelled();
  if (browser_ && !was_cancelled) co_await browser_->leave();
  if (was_cancelled || (browser_ && !browser_->alive())) co_await stop();
  server_->serve_nothing();
}

asio::awaitable<Result<std::string>> ChunkRenderer::resolve_composition(const std::string& composition, FileSource source) {
  if (!server_) {
    auto started = CompositionServer::start(co_await asio::this_coro::executor);
    if (!started) co_return started.error();
    server_ = std::move(*started);
  }
  server_->serve_nothing();
  if (source) co_return server_->serve(composition, std::move(source));
  if (is_web_url(composition)) co_return composition;
  std::error_code failed;
  if (!fs::is_regular_file(composition, failed)) {
    co_return Error{.code = Errc::composition_not_found, .detail = "no such file: " + composition, .stage = Stage::load};
  }
  co_return server_->serve(composition);
}

asio::awaitable<Result<void>> ChunkRenderer::ensure_browser(const ChunkJob& job) {
  if (browser_ && browser_->alive() && fits(browser_options_, job, without_shm_)) co_return Result<void>{};
  co_await stop();
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancelled_error();
  browser_options_ = {.mode = job.capture,
                      .width = job.video.width,
                      .height = job.video.height,
                      .log = reports_.log,
                      .host_resolver_rules = server_->resolver_rule(),
                      .locale = job.page.locale,
                      .without_shm = without_shm_,
                      .sandbox = place_.sandbox};
  if (!place_.unreachable_hosts.empty()) browser_options_.host_resolver_rules += ", " + place_.unreachable_hosts;
  CaptureOptions options = browser_options_;
  auto started = co_await CaptureSession::start(std::move(options));
  if (!started) co_return started.error();
  browser_ = std::move(*started);
  reported_cpu_ = {};
  reports_.log(LogLevel::info, "capture: " + browser_->description());
  co_return Result<void>{};
}

/// Asks once for the encoder's version, while a browser starts.
asio::awaitable<void> ChunkRenderer::ask_encoder() {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (encoder_version_.empty()) encoder_version_ = co_await ffmpeg_version();
}

asio::awaitable<Result<LoadedPage>> ChunkRenderer::load_page(const ChunkJob& job, const std::string& url) {
  TaskGroup asking(co_await asio::this_coro::executor);
  asking.spawn(ask_encoder());
  auto ready = co_await ensure_browser(job);
  co_await asking.wait_or_cancel();
  if (!ready) co_return ready.error();
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancelled_error();
  LoadRequest request{.url = url,
                      .props = job.props,
                      .composition_id = job.composition_id,
                      .described = job.described,
                      .media_port = server_->port(),
                      .page = job.page,
                      .fps = job.video.fps,
                      .frames = job.frames,
                      .timeouts = job.timeouts};
  co_return co_await browser_->load(std::move(request));
}

asio::awaitable<Result<ChunkResult>> ChunkRenderer::render_frames(const ChunkJob& job, const std::string& url) {
  const auto start = Clock::now();
  const auto worker_cpu_before = own_cpu();
  auto page = co_await load_page(job, url);
  if (!page) co_return page.error();
  ChunkResult result{.file = job.output, .capture = browser_->description(), .contract = page->contract};
  result.versions = {ORCHESTRATOR_VERSION, browser_->browser_version(), encoder_version_};
  result.timings.boot = ms_since(start);

  EncoderJob encoder_job{.video = job.video, .layout = browser_->layout(), .output = job.output};
  std::int64_t captured = 0;
  auto report = [&](std::int64_t encoded) { reports_.progress(captured, encoded); };
  auto encoder = Encoder::start(co_await asio::this_coro::executor, std::move(encoder_job), std::move(report));
  if (!encoder) co_return encoder.error();
  auto encoded = co_await encode_frames(job, *encoder, captured, result);
  if (!encoded) {
    co_await encoder->stop();
    co_return encoded.error();
  }
  result.frames = encoder->frames_encoded();
  const CaptureCpu cpu = browser_->cpu();
  result.cpu = {.browser = cpu.browser - reported_cpu_.browser,
                .display = cpu.display - reported_cpu_.display,
                .worker = own_cpu() - worker_cpu_before,
                .encoder = encoder->cpu()};
  reported_cpu_ = cpu;
  co_return result;
}

asio::awaitable<Result<void>> ChunkRenderer::encode_frames(const ChunkJob& job, Encoder& encoder, std::int64_t& captured,
                                                           ChunkResult& result) {
  const auto capture_start = Clock::now();
  StillWatch still;
  for (std::int64_t number = job.frames.first; number < job.frames.last; ++number) {
    // A cancellation ends what is under way. One that comes between two operations is noticed only here.
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error();
    auto frame = co_await browser_->capture(number);
    if (!frame) co_return frame.error();
    if (server_->failure()) co_return *server_->failure();  // the picture may show the page without that file
    ++captured;
    still.see(*frame);
    result.unchanged_frames += frame->unchanged ? 1 : 0;
    // While the encoder's thread writes this frame, the next one is being rastered.
    auto written = co_await encoder.write(std::move(*frame));
    if (!written) co_return written.error();
    reports_.progress(captured, encoder.frames_encoded());
  }
  const auto encode_start = Clock::now();
  result.timings.capture = std::chrono::duration_cast<std::chrono::milliseconds>(encode_start - capture_start);
  TaskGroup leaving(co_await asio::this_coro::executor);  // takes no extra time while the encoder has work left
  leaving.spawn(browser_->leave());
  result.still = still.picture(browser_->layout());
  auto finished = co_await encoder.finish();
  result.timings.encode = ms_since(encode_start);
  co_await leaving.wait_or_cancel();
  co_return finished;
}

asio::awaitable<void> ChunkRenderer::stop() {
  if (browser_) co_await browser_->stop();
  browser_.reset();
}

}  // namespace orchestrator
