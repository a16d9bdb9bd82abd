#include "verify/camera.hpp"

#include "base/sha256.hpp"
#include "base/web_url.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

Shot shot_of(const Frame& frame, FrameLayout layout) {
  Shot shot{.layout = layout, .bytes = std::string(reinterpret_cast<const char*>(frame.bytes.data()), frame.bytes.size())};
  if (layout == FrameLayout::bgr0) {
    for (std::size_t at = 3; at < shot.bytes.size(); at += 4) shot.bytes[at] = 0;  // the X server may write anything there
  }
  Sha256 sum;
  sum.update(shot.bytes);
  shot.sha256 = sum.finish();
  return shot;
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<Camera>>> Camera::open(Scene scene, CaptureMode mode, FrameRange frames) {
  co_await asio::this_coro::throw_if_cancelled(false);  // cancellation is returned as a value, not thrown
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancelled_error();
  auto server = CompositionServer::start(co_await asio::this_coro::executor);
  if (!server) co_return server.error();
  std::unique_ptr<Camera> camera(new Camera(std::move(*server)));
  auto started = co_await camera->start(scene, mode, frames);
  if (started) co_return camera;
  Error error = camera->server_->explain(started.error());
  co_await camera->close();
  co_return error;
}

asio::awaitable<Result<void>> Camera::start(const Scene& scene, CaptureMode mode, FrameRange frames) {
  CaptureOptions options{.mode = mode, .width = scene.width, .height = scene.height};
  options.log = [this, log = scene.log](LogLevel level, std::string_view text) {
    if (log) log(level, server_->with_local_paths(text));
  };
  options.host_resolver_rules = server_->resolver_rule();
  options.locale = scene.page.locale;
  auto browser = co_await CaptureSession::start(std::move(options));
  if (!browser) co_return browser.error();
  browser_ = std::move(*browser);
  LoadRequest request{.url = is_web_url(scene.composition) ? scene.composition : server_->serve(scene.composition)};
  request.props = scene.props;
  request.composition_id = scene.composition_id;
  request.described = scene.described;
  request.media_port = server_->port();
  request.page = scene.page;
  request.fps = scene.fps;
  request.frames = frames;
  request.timeouts = scene.timeouts;
  auto loaded = co_await browser_->load(std::move(request));
  if (!loaded) co_return loaded.error();
  declared_frames_ = loaded->frames;
  contract_ = loaded->contract;
  traits_ = loaded->traits;
  co_return Result<void>{};
}

asio::awaitable<Result<Shot>> Camera::take(std::int64_t frame) {
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancelled_error();
  auto taken = co_await browser_->capture(frame);
  if (!taken) co_return server_->explain(taken.error());
  if (server_->failure()) co_return *server_->failure();  // the picture may show the page without that file
  co_return shot_of(*taken, browser_->layout());
}

asio::awaitable<void> Camera::close() {
  if (browser_) co_await browser_->stop();
  browser_.reset();
}

}  // namespace orchestrator
