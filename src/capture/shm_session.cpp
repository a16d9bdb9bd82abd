#include "capture/shm_session.hpp"

#include "cdp/cdp_fields.hpp"

#include <boost/asio/this_coro.hpp>

#include <string>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

constexpr std::size_t bytes_per_pixel = 4;
constexpr std::chrono::seconds probe_limit{10};

}  // namespace

asio::awaitable<Result<std::unique_ptr<BrowserSession>>> ShmSession::open(const CaptureOptions& options) {
  const auto executor = co_await asio::this_coro::executor;
  const auto size = static_cast<std::size_t>(options.width) * static_cast<std::size_t>(options.height) * bytes_per_pixel;
  auto pool = FramePool::create(executor, size);
  if (!pool) co_return pool.error();
  auto open = co_await open_browser(BrowserKind::on_display, options);
  if (!open) co_return open.error();
  const Display& display = *(*open)->display;
  auto screen = Screen::connect(executor, display.name(), display.cookie(), options.width, options.height, (*pool)->descriptor());
  if (!screen) {
    co_await (*open)->stop();
    co_return screen.error();
  }
  std::unique_ptr<ShmSession> session(new ShmSession(std::move(*open), std::move(*pool), std::move(*screen)));
  auto prepared = co_await session->prepare();
  if (!prepared) {
    Error error = session->explain(prepared.error(), Stage::start);
    co_await session->stop();
    co_return error;
  }
  co_return std::unique_ptr<BrowserSession>(std::move(session));
}

ShmSession::ShmSession(std::unique_ptr<OpenBrowser> open, std::unique_ptr<FramePool> pool, std::shared_ptr<Screen> screen)
    : BrowserSession(std::move(open), CaptureMode::shm),
      pool_(std::move(pool)),
      screen_(std::move(screen)),
      limit_(screen_->executor()) {
  page().on_failure([watched = std::weak_ptr(screen_)] {
    if (const auto watching = watched.lock()) watching->interrupt();
  });
}

asio::awaitable<Result<void>> ShmSession::prepare() {
  const Deadline deadline = Deadline::clock::now() + probe_limit;
  auto dom = co_await page().call("DOM.enable", "{}", deadline);  // the Overlay domain needs it
  if (!dom) co_return dom.error();
  auto overlay = co_await page().call("Overlay.enable", "{}", deadline);
  if (!overlay) co_return overlay.error();
  co_return co_await require_benchmarking(deadline);
}

asio::awaitable<Result<LoadedPage>> ShmSession::load_page(const LoadRequest& request) {
  const Deadline deadline = Deadline::clock::now() + request.timeouts.load;
  if (draws_always_) {
    auto hidden = co_await page().call("Overlay.hideHighlight", "{}", deadline);
    if (!hidden) co_return hidden.error();
    draws_always_ = false;
  }
  last_.reset();
  is_unsure_ = true;
  has_surfaces_ = false;
  lost_screen_ = false;
  auto loaded = co_await page().load(request);
  if (!loaded) co_return loaded;
  // In all chunks, the page's layers must be drawn for the first time in the state that they have now (see draw_once).
  auto drawn = co_await page().wait_until_drawn(deadline);
  if (!drawn) co_return drawn.error();
  co_return loaded;
}

asio::awaitable<Result<void>> ShmSession::approach(std::int64_t frame) {
  is_unsure_ = true;
  auto nearer = co_await BrowserSession::approach(frame);
  if (!nearer) co_return co_await explain_show(nearer.error());
  co_return nearer;
}

asio::awaitable<Result<Frame>> ShmSession::take(std::int64_t frame) {
  auto buffer = co_await pool_->acquire();
  if (!buffer) co_return buffer.error();
  page().begin_frame(frame);
  limit_waiting();
  auto shown = co_await show(frame);
  Result<Frame> taken = Error{};
  if (shown) {
    taken = co_await copy(frame, *buffer);
  } else {
    taken = co_await explain_show(shown.error());
  }
  limit_.cancel();
  if (taken) last_ = *taken;
  co_return taken;
}

/// Brings the frame to the screen. Chromium reports when the page's own commits are there (on_screen.js); if each commit was
/// waited for, nothing else is on its way. Otherwise one more commit that is drawn for sure carries everything before it along.
asio::awaitable<Result<void>> ShmSession::show(std::int64_t frame) {
  for (;;) {
    auto sure = co_await page().finish_flag(page().start_step("show", frame));
    if (!sure) co_return sure.error();
    if (page().settled_late()) {
      is_unsure_ = true;
      continue;
    }
    const bool is_again = std::exchange(has_surfaces_, !*sure);
    if ((*sure && !is_unsure_) || draws_always_) break;
    Result<void> drawn;
    if (has_surfaces_ && is_again) {  // not `?:`, whose temporaries GCC 12 destroys twice around a co_await
      drawn = co_await draw_from_now_on();
    } else {
      drawn = co_await draw_once();
    }
    if (!drawn) co_return drawn.error();
    if (!page().settled_late()) break;
  }
  is_unsure_ = false;
  co_return Result<void>{};
}

/// A screenshot draws a commit in full and waits until it has been presented (RenderWidgetHostImpl::GetSnapshotFromBrowser).
/// Unlike the rectangle below, it leaves the page's layers alone. Blink keeps the text of a composited layer as it was first
/// drawn, at the fraction of a pixel that it then had; when a rectangle comes or goes, Blink draws the text anew at the present
/// fraction.
asio::awaitable<Result<void>> ShmSession::draw_once() {
  redrawn_ = true;
  constexpr const char* options = R"({"format":"jpeg","quality":1,"optimizeForSpeed":true})";
  auto done = co_await page().call("Page.captureScreenshot", options, page().frame_deadline());
  if (!done) co_return co_await explain_wait(done.error());
  co_return Result<void>{};
}

/// For pages with surfaces (on_screen.js): each frame of theirs needs a commit that is drawn for sure.
asio::awaitable<Result<void>> ShmSession::draw_from_now_on() {
  auto drawing = co_await draw_always(true);
  if (!drawing) co_return drawing;
  co_return co_await page().finish(page().start("isOnScreen()"));
}

/// Shows or hides a colourless rectangle of DevTools. It is out of the page's reach, and Blink paints its layer again in each
/// commit (FrameOverlay::UpdatePrePaint), so that each commit is drawn; this takes 7 ms of CPU.
asio::awaitable<Result<void>> ShmSession::draw_always(bool always) {
  std::string method = "Overlay.hideHighlight";
  std::string params = "{}";
  if (always) {
    method = "Overlay.highlightRect";
    params = R"({"x":0,"y":0,"width":1,"height":1,"color":{"r":0,"g":0,"b":0,"a":0}})";
  }
  auto done = co_await page().call(std::move(method), std::move(params), page().frame_deadline());
  if (!done) co_return co_await explain_wait(done.error());
  draws_always_ = always;
  co_return Result<void>{};
}

asio::awaitable<Result<Frame>> ShmSession::copy(std::int64_t frame, const Buffer& buffer) {
  auto changed = co_await screen_->has_changed();
  if (!changed) co_return co_await explain_wait(changed.error());
  const bool copying = !last_ || *changed;
  if (copying) {
    auto copied = co_await screen_->copy(buffer.offset);
    if (!copied) co_return co_await explain_wait(copied.error());
  }
  // A screenshot or a rectangle of ours may damage the screen, too. Comparing the bytes tells whether the picture changed.
  const bool was_redrawn = std::exchange(redrawn_, false);
  const bool may_be_ours = was_redrawn || draws_always_ || had_rectangle_;
  const bool is_new = copying && !(last_ && may_be_ours && equal(buffer.bytes, last_->bytes));
  had_rectangle_ = draws_always_;
  if (!has_surfaces_ && draws_always_) {
    auto hidden = co_await draw_always(false);
    if (!hidden) co_return hidden.error();
  }
  if (is_new) co_return Frame{.number = frame, .bytes = buffer.bytes, .unchanged = false, .buffer = buffer.lease};
  co_return Frame{.number = frame, .bytes = last_->bytes, .unchanged = true, .buffer = last_->buffer};
}

/// Why a wait for Chromium or the X server failed: the page failed, the call itself did, or the frame's time is over.
asio::awaitable<Error> ShmSession::explain_wait(Error error) {
  if (page().failure()) co_return *page().failure();
  if (Deadline::clock::now() < page().frame_deadline()) co_return error;
  lost_screen_ = true;
  Error late = co_await page().frame_timeout("the compositor");
  late.code = Errc::capture_failed;
  co_return late;
}

/// Finds out whether the page or the browser is to blame for a frame that was not shown.
asio::awaitable<Error> ShmSession::explain_show(Error error) {
  constexpr std::chrono::seconds limit{2};
  if (page().went_on()) co_return error;
  const bool may_be_browser = error.code == Errc::frame_timeout || error.code == Errc::page_error;
  if (!may_be_browser || !page().usable() || page().failure()) co_return error;
  const Deadline deadline = Deadline::clock::now() + limit;
  std::string loss = co_await page().screen_loss(deadline);
  if (loss.empty() && error.code == Errc::frame_timeout) {
    auto drawn = co_await page().wait_until_drawn(deadline);
    if (!drawn && drawn.error().code == Errc::load_timeout) loss = "Chromium does not draw the page any more";
  }
  if (loss.empty()) co_return error;
  lost_screen_ = true;
  if (error.code == Errc::frame_timeout) loss = error.detail + "; " + loss;
  co_return Error{.code = Errc::capture_failed, .detail = std::move(loss)};
}

/// Ends a wait for the X server when the frame's time is over. Nothing else would.
void ShmSession::limit_waiting() {
  limit_.expires_at(page().frame_deadline());
  limit_.async_wait([watched = std::weak_ptr(screen_)](boost::system::error_code aborted) {
    const auto watching = watched.lock();
    if (!aborted && watching) watching->interrupt();
  });
}

}  // namespace orchestrator
