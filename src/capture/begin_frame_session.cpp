#include "capture/begin_frame_session.hpp"

#include "cdp/cdp_fields.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <string>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

constexpr double tick_step_ms = 1000.0 / 60;
constexpr std::chrono::milliseconds pump_pause{10};
constexpr std::chrono::milliseconds busy_pause{5};
constexpr std::chrono::seconds probe_limit{10};
constexpr int most_tries = 50;  // headless shell needs 1 to 3 after a navigation

}  // namespace

/// Draws frames for a page that waits: its requestAnimationFrame and its image decoding go on only while frames are drawn.
struct BeginFrameSession::Pump {
  explicit Pump(asio::any_io_executor executor) : pause(executor), ended(executor, asio::steady_timer::time_point::max()) {}
  asio::steady_timer pause;
  asio::steady_timer ended;  // never expires; cancelled when the pump has ended
  asio::cancellation_signal give_up{};
  Deadline deadline{};
  bool stopping{false};
  bool running{true};
};

asio::awaitable<Result<std::unique_ptr<BrowserSession>>> BeginFrameSession::open(const CaptureOptions& options) {
  auto open = co_await open_browser(BrowserKind::by_begin_frame, options);
  if (!open) co_return open.error();
  std::unique_ptr<BeginFrameSession> session(new BeginFrameSession(std::move(*open)));
  const Deadline deadline = Deadline::clock::now() + probe_limit;
  auto works = co_await session->require_benchmarking(deadline);
  if (works) works = co_await session->probe(deadline);
  if (!works) {
    Error error = session->explain(works.error(), Stage::start);
    co_await session->stop();
    co_return error;
  }
  co_return std::unique_ptr<BrowserSession>(std::move(session));
}

asio::awaitable<Result<void>> BeginFrameSession::probe(Deadline deadline) {
  auto drawn = co_await draw(deadline);
  if (drawn || drawn.error().code == Errc::cancelled || drawn.error().code == Errc::browser_crashed) co_return drawn;
  co_return Error{.code = Errc::browser_unavailable,
                  .detail = "HeadlessExperimental.beginFrame does not work here: " + drawn.error().detail,
                  .stage = Stage::start};
}

/// Draws one frame. Ticks must rise strictly, or Chromium waits for ever. Without damage there is no data, and the picture stays
/// the same. The first frames may have damage without data.
asio::awaitable<Result<void>> BeginFrameSession::draw(Deadline deadline) {
  for (;;) {
    tick_ms_ += tick_step_ms;
    std::string params = R"({"frameTimeTicks":)" + std::to_string(tick_ms_) +
                         R"(,"interval":16.666,"screenshot":{"format":"png","optimizeForSpeed":true}})";
    auto reply = co_await page().call("HeadlessExperimental.beginFrame", std::move(params), deadline);
    if (reply) {
      const auto data = cdp_text(*reply, "/screenshotData").value_or("");
      if (data.empty()) {
        outdated_ = outdated_ || cdp_flag(*reply, "/hasDamage").value_or(false);
        co_return Result<void>{};
      }
      outdated_ = false;
      if (picture_.update(data)) co_return Result<void>{};
      co_return Error{.code = Errc::capture_failed, .detail = "HeadlessExperimental.beginFrame gave a broken picture"};
    }
    // "Another frame is pending": an earlier frame is still being drawn because the machine is overloaded.
    if (reply.error().detail.find("pending") == std::string::npos || Deadline::clock::now() >= deadline) co_return reply.error();
    static_cast<void>(co_await pause(busy_pause));  // the next call sees a cancellation
  }
}

asio::awaitable<Result<LoadedPage>> BeginFrameSession::load_page(const LoadRequest& request) {
  picture_.forget();
  const Deadline deadline = Deadline::clock::now() + request.timeouts.load;
  auto pump = start_pump(co_await asio::this_coro::executor, deadline);
  auto loaded = co_await page().load(request);
  Result<void> live;
  if (loaded) live = co_await page().wait_until_drawn(deadline);
  co_await stop_pump(pump);
  if (!loaded) co_return loaded;
  if (!live) co_return live.error();
  auto drawn = co_await draw_picture(deadline);
  if (!drawn) co_return drawn.error();
  co_return loaded;
}

/// Draws until there is a picture of what was drawn.
asio::awaitable<Result<void>> BeginFrameSession::draw_picture(Deadline deadline) {
  for (int tries = 0; tries < most_tries; ++tries) {
    auto drawn = co_await draw(deadline);
    if (!drawn || (!outdated_ && !picture_.empty())) co_return drawn;
  }
  co_return Error{.code = Errc::capture_failed, .detail = "headless shell draws the page, but gives no picture of it"};
}

/// Draws until the picture shows what is on the page now. A page answers before its compositor thread has asked for a frame, so
/// on a busy machine the next one may be drawn without what has just changed; and a commit with a new surface (of a video,
/// for example) is held back for up to four frames until the surface is there (viz, surface synchronization). The page knows when
/// its changes were drawn: drawn().
asio::awaitable<Result<void>> BeginFrameSession::draw_changes(Deadline deadline) {
  const auto carried = page().start("drawn()");
  while (!carried->reply && Deadline::clock::now() < deadline) {
    auto drawn = co_await draw_picture(deadline);
    if (!drawn) co_return drawn;
  }
  co_return co_await page().finish_at_once(carried);
}

asio::awaitable<Result<Frame>> BeginFrameSession::take(std::int64_t frame) {
  page().begin_frame(frame);
  auto pump = start_pump(co_await asio::this_coro::executor, page().frame_deadline());
  auto shown = co_await page().finish(page().start_step("seek", frame));
  co_await stop_pump(pump);
  if (!shown) co_return shown.error();
  auto drawn = co_await draw_changes(page().frame_deadline());
  if (page().failure()) co_return *page().failure();
  if (!drawn && drawn.error().code == Errc::timed_out) co_return co_await page().frame_timeout("the compositor");
  if (!drawn) co_return drawn.error();
  co_return picture_.frame(frame);
}

asio::awaitable<Result<void>> BeginFrameSession::approach(std::int64_t frame) {
  auto approaching = page().start_approach(frame);
  auto pump = start_pump(co_await asio::this_coro::executor, page().frame_deadline());
  auto nearer = co_await page().finish_approach(std::move(approaching));
  co_await stop_pump(pump);
  co_return nearer;
}

std::shared_ptr<BeginFrameSession::Pump> BeginFrameSession::start_pump(asio::any_io_executor executor, Deadline deadline) {
  auto started = std::make_shared<Pump>(executor);
  started->deadline = deadline;
  asio::co_spawn(executor, pump(started), asio::bind_cancellation_slot(started->give_up.slot(), asio::detached));
  return started;
}

asio::awaitable<void> BeginFrameSession::pump(std::shared_ptr<Pump> pump) {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!pump->stopping) {
    pump->pause.expires_after(pump_pause);
    boost::system::error_code woken;
    co_await pump->pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (pump->stopping) break;
    auto drawn = co_await draw(pump->deadline);
    if (!drawn && drawn.error().code != Errc::capture_failed) break;  // the caller's own call reports the error
  }
  pump->running = false;
  pump->ended.cancel();
}

/// Waits for the frame that is being drawn, because frames are drawn one at a time. A cancellation gives it up, because the page
/// may hang.
asio::awaitable<void> BeginFrameSession::stop_pump(std::shared_ptr<Pump> pump) {
  pump->stopping = true;
  pump->pause.cancel();
  boost::system::error_code ended;
  while (pump->running) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) pump->give_up.emit(asio::cancellation_type::terminal);
    pump->ended.expires_at(asio::steady_timer::time_point::max());
    co_await pump->ended.async_wait(asio::redirect_error(asio::use_awaitable, ended));
  }
}

}  // namespace orchestrator
