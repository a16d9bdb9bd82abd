#include "capture/shm_session.hpp"

#include <boost/asio/this_coro.hpp>

#include <cstring>
#include <string>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

constexpr int stamp_a = 0;  // left edges
constexpr int stamp_b = stamp_width;
constexpr std::size_t bytes_per_pixel = 4;

PixelView view_of(const Screen::Corner& corner) { return {corner, corner_width}; }

}  // namespace

asio::awaitable<Result<std::unique_ptr<BrowserSession>>> ShmSession::open(const CaptureOptions& options) {
  if (options.width < corner_width || options.height < stamp_height) {
    co_return Error{.code = Errc::browser_unavailable, .detail = "the picture is smaller than the stamps", .stage = Stage::start};
  }
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
  co_return std::unique_ptr<BrowserSession>(
      new ShmSession(std::move(*open), std::move(*pool), std::move(*screen), options.width));
}

ShmSession::ShmSession(std::unique_ptr<OpenBrowser> open, std::unique_ptr<FramePool> pool, std::shared_ptr<Screen> screen,
                       int width)
    : BrowserSession(std::move(open), CaptureMode::shm),
      pool_(std::move(pool)),
      screen_(std::move(screen)),
      limit_(screen_->executor()),
      width_(width) {
  page().on_failure([watched = std::weak_ptr(screen_)] {
    if (const auto watching = watched.lock()) watching->interrupt();
  });
}

asio::awaitable<Result<LoadedPage>> ShmSession::load_page(const LoadRequest& request) {
  beyond_ = true;
  last_.reset();
  co_return co_await page().load(request);
}

asio::awaitable<Result<Frame>> ShmSession::take(std::int64_t frame) {
  auto buffer = co_await pool_->acquire();
  if (!buffer) co_return buffer.error();
  page().begin_frame(frame);
  limit_waiting();
  for (;;) {
    auto taken = co_await try_take(frame, *buffer);
    if (taken && !taken->has_value()) continue;
    limit_.cancel();
    if (!taken) co_return taken.error();
    last_ = **taken;
    co_return std::move(**taken);
  }
}

asio::awaitable<Result<std::optional<Frame>>> ShmSession::try_take(std::int64_t frame, const Buffer& buffer) {
  const std::uint32_t colour = colours_.next();
  auto showing = page().start("show(" + std::to_string(frame) + "," + std::to_string(colour) + ")");
  auto shown = co_await page().finish(std::move(showing));
  if (!shown) co_return shown.error();
  if (page().settled_late()) co_return std::optional<Frame>();
  auto under_b = co_await wait_for_stamp(stamp_a, colour);
  if (!under_b) co_return under_b.error();
  const bool copying = beyond_;
  auto picture = co_await copy_and_swap(buffer, colour, copying);
  if (!picture) co_return picture.error();
  if (*picture == Picture::with_neither) co_return std::optional<Frame>();
  Screen::Corner corner = *under_b;
  if (*picture == Picture::with_b) {  // the page was faster than the copy, which is as good: A's pixels are its own already
    copy_stamp_area({buffer.bytes, width_}, corner, corner_width, stamp_a);
  } else {
    auto under_a = co_await wait_for_stamp(stamp_b, colour);
    if (!under_a) co_return under_a.error();
    copy_stamp_area(view_of(*under_a), corner, corner_width, stamp_a);
  }
  co_return std::optional(copying ? new_frame(frame, buffer, corner) : same_frame(frame, buffer, corner));
}

asio::awaitable<Result<ShmSession::Picture>> ShmSession::copy_and_swap(const Buffer& buffer, std::uint32_t colour, bool copying) {
  const std::uint32_t request = copying ? screen_->request_picture(buffer.offset) : 0;
  auto swapping = page().start("swap(" + std::to_string(colour) + ")");
  if (copying) {
    auto copied = co_await screen_->finish_picture(request);
    if (!copied) co_return co_await explain_wait(copied.error());
  }
  auto swapped = co_await page().finish(std::move(swapping));
  if (!swapped) co_return swapped.error();
  if (!copying) co_return Picture::with_a;
  const PixelView picture{buffer.bytes, width_};
  const bool a = read_stamp(picture, stamp_a) == colour;
  const bool b = read_stamp(picture, stamp_b) == colour;
  beyond_ = !a && !b;
  co_return a ? Picture::with_a : b ? Picture::with_b : Picture::with_neither;
}

asio::awaitable<Result<void>> ShmSession::wait_for_drawing() {
  for (;;) {
    const Screen::Damage damage = screen_->take_damage();
    beyond_ = beyond_ || damage.beyond;
    if (damage.corner) co_return Result<void>{};
    if (page().failure()) co_return *page().failure();
    if (Deadline::clock::now() >= page().frame_deadline()) co_return co_await page().frame_timeout("the compositor");
    auto waited = co_await screen_->wait();
    if (!waited) co_return co_await explain_wait(waited.error());
  }
}

asio::awaitable<Result<Screen::Corner>> ShmSession::wait_for_stamp(int x, std::uint32_t colour) {
  for (;;) {
    auto drawn = co_await wait_for_drawing();
    if (!drawn) co_return drawn.error();
    auto corner = co_await screen_->finish_corner(screen_->request_corner());
    if (!corner) co_return co_await explain_wait(corner.error());
    if (read_stamp(view_of(*corner), x) == colour) co_return corner;
  }
}

/// A wait ends early for one of these reasons.
asio::awaitable<Error> ShmSession::explain_wait(Error error) {
  if (page().failure()) co_return *page().failure();
  if (Deadline::clock::now() >= page().frame_deadline()) co_return co_await page().frame_timeout("the compositor");
  co_return error;
}

/// `corner` holds the frame's own pixels under both stamps.
Frame ShmSession::new_frame(std::int64_t frame, const Buffer& buffer, const Screen::Corner& corner) {
  copy_stamp_area(view_of(corner), buffer.bytes, width_, stamp_a);
  copy_stamp_area(view_of(corner), buffer.bytes, width_, stamp_b);
  last_corner_ = corner;
  return {.number = frame, .bytes = buffer.bytes, .unchanged = false, .buffer = buffer.lease};
}

/// Nothing was drawn but the stamps and perhaps what lies under them.
Frame ShmSession::same_frame(std::int64_t frame, const Buffer& buffer, const Screen::Corner& corner) {
  if (corner == last_corner_) return {.number = frame, .bytes = last_->bytes, .unchanged = true, .buffer = last_->buffer};
  std::memcpy(buffer.bytes.data(), last_->bytes.data(), buffer.bytes.size());
  return new_frame(frame, buffer, corner);
}

/// Nothing else ends a wait for the X server when the frame's time is over.
void ShmSession::limit_waiting() {
  limit_.expires_at(page().frame_deadline());
  limit_.async_wait([watched = std::weak_ptr(screen_)](boost::system::error_code aborted) {
    const auto watching = watched.lock();
    if (!aborted && watching) watching->interrupt();
  });
}

}  // namespace orchestrator
