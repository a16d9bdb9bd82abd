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
  auto open = co_await open_browser(BrowserKind::on_display, options);
  if (!open) co_return open.error();
  const auto executor = co_await asio::this_coro::executor;
  const auto size = static_cast<std::size_t>(options.width) * static_cast<std::size_t>(options.height) * bytes_per_pixel;
  auto pool = FramePool::create(executor, size);
  if (!pool) co_return pool.error();
  const Display& display = *(*open)->display;
  auto screen = Screen::connect(executor, display.name(), display.cookie(), options.width, options.height, (*pool)->descriptor());
  if (!screen) co_return screen.error();
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
  // The first try copies on the first sign of life. If that was not yet the frame, or already the swap, look before copying.
  bool careful = false;
  for (;;) {
    auto taken = co_await try_take(frame, *buffer, careful);
    if (!taken) {
      limit_.cancel();
      co_return taken.error();
    }
    if (taken->has_value()) {
      limit_.cancel();
      last_ = **taken;
      co_return std::move(**taken);
    }
    careful = true;
  }
}

asio::awaitable<Result<std::optional<Frame>>> ShmSession::try_take(std::int64_t frame, const Buffer& buffer, bool careful) {
  const std::uint32_t colour = colours_.next();
  auto showing = page().start("show(" + std::to_string(frame) + "," + std::to_string(colour) + ")");
  auto shown = co_await page().finish(std::move(showing));
  if (!shown) co_return shown.error();
  auto drawn = co_await wait_for_drawing();
  if (!drawn) co_return drawn.error();
  Screen::Corner corner{};
  if (careful || !beyond_) {
    auto seen = co_await wait_for_stamp(stamp_a, colour);
    if (!seen) co_return seen.error();
    corner = *seen;
  }
  const bool copying = beyond_;
  auto copied = co_await copy_and_swap(buffer, colour, copying);
  if (!copied) co_return copied.error();
  if (!*copied) co_return std::optional<Frame>();
  drawn = co_await wait_for_drawing();
  if (!drawn) co_return drawn.error();
  auto uncovered = co_await wait_for_stamp(stamp_b, colour);
  if (!uncovered) co_return uncovered.error();
  copy_stamp_area(view_of(*uncovered), corner, corner_width, stamp_a);
  co_return std::optional(copying ? new_frame(frame, buffer, corner) : same_frame(frame, buffer, corner));
}

asio::awaitable<Result<bool>> ShmSession::copy_and_swap(const Buffer& buffer, std::uint32_t colour, bool copying) {
  const std::uint32_t picture = copying ? screen_->request_picture(buffer.offset) : 0;
  auto swapping = page().start("swap(" + std::to_string(colour) + ")");
  if (copying) {
    auto done = co_await screen_->finish_picture(picture);
    if (!done) co_return co_await explain_wait(done.error());
  }
  auto swapped = co_await page().finish(std::move(swapping));
  if (!swapped) co_return swapped.error();
  if (!copying) co_return true;
  beyond_ = read_stamp({buffer.bytes, width_}, stamp_a) != colour;
  co_return !beyond_;
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
    auto corner = co_await screen_->finish_corner(screen_->request_corner());
    if (!corner) co_return co_await explain_wait(corner.error());
    if (read_stamp(view_of(*corner), x) == colour) co_return corner;
    auto drawn = co_await wait_for_drawing();
    if (!drawn) co_return drawn.error();
  }
}

/// A wait ends early for one of these reasons.
asio::awaitable<Error> ShmSession::explain_wait(Error error) {
  if (page().failure()) co_return *page().failure();
  if (Deadline::clock::now() >= page().frame_deadline()) co_return co_await page().frame_timeout("the compositor");
  co_return error;
}

Frame ShmSession::new_frame(std::int64_t frame, const Buffer& buffer, const Screen::Corner& corner) {
  copy_stamp_area(view_of(corner), buffer.bytes, width_, stamp_a);
  const PixelView picture{buffer.bytes, width_};
  copy_stamp_area(picture, last_corner_, corner_width, stamp_a);
  copy_stamp_area(picture, last_corner_, corner_width, stamp_b);
  return {.number = frame, .bytes = buffer.bytes, .unchanged = false, .buffer = buffer.lease};
}

/// Nothing was drawn but the stamps and perhaps what lies under them.
Frame ShmSession::same_frame(std::int64_t frame, const Buffer& buffer, const Screen::Corner& corner) {
  if (corner == last_corner_) return {.number = frame, .bytes = last_->bytes, .unchanged = true, .buffer = last_->buffer};
  std::memcpy(buffer.bytes.data(), last_->bytes.data(), buffer.bytes.size());
  copy_stamp_area(view_of(corner), buffer.bytes, width_, stamp_b);
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
