#include "capture/screen.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <xcb/damage.h>
#include <xcb/shm.h>
#include <xcb/xcbext.h>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>

#include <cstdlib>
#include <cstring>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

struct Free {
  void operator()(void* memory) const noexcept { std::free(memory); }  // xcb allocates by malloc
};
template <class T>
using XcbPtr = std::unique_ptr<T, Free>;

constexpr std::uint32_t all_planes = ~0U;

Error start_error(std::string detail) {
  return Error{.code = Errc::browser_unavailable, .detail = std::move(detail), .stage = Stage::start};
}

Error server_ended() {
  return Error{.code = Errc::browser_crashed, .detail = "the X server ended unexpectedly", .stage = Stage::capture};
}

xcb_connection_t* open_connection(const std::string& display, std::string_view cookie) {
  std::string name = "MIT-MAGIC-COOKIE-1";
  std::string data(cookie);
  xcb_auth_info_t auth{static_cast<int>(name.size()), name.data(), static_cast<int>(data.size()), data.data()};
  return xcb_connect_to_display_with_auth_info(display.c_str(), &auth, nullptr);
}

/// True if request `a` was sent before `b`; sequence numbers wrap around.
bool before(std::uint32_t a, std::uint32_t b) noexcept { return static_cast<std::int32_t>(a - b) < 0; }

}  // namespace

Screen::Screen(const asio::any_io_executor& executor, Connection connection, int width, int height)
    : connection_(std::move(connection)),
      socket_(executor, ::fcntl(xcb_get_file_descriptor(connection_.get()), F_DUPFD_CLOEXEC, 0)),
      width_(static_cast<std::uint16_t>(width)),
      height_(static_cast<std::uint16_t>(height)) {}

Result<std::unique_ptr<Screen>> Screen::connect(asio::any_io_executor executor, const std::string& display,
                                                std::string_view cookie, int width, int height, int shared_memory) {
  Connection connection(open_connection(display, cookie));
  if (xcb_connection_has_error(connection.get()) != 0) return start_error("cannot connect to the X server " + display);
  std::unique_ptr<Screen> screen(new Screen(std::move(executor), std::move(connection), width, height));
  auto ready = screen->prepare(shared_memory);
  if (!ready) return ready.error();
  return screen;
}

Result<void> Screen::prepare(int shared_memory) {
  xcb_connection_t* const x = connection_.get();
  root_ = xcb_setup_roots_iterator(xcb_get_setup(x)).data->root;
  const XcbPtr<xcb_shm_query_version_reply_t> shm(xcb_shm_query_version_reply(x, xcb_shm_query_version(x), nullptr));
  const bool by_descriptor = shm && (shm->major_version > 1 || shm->minor_version >= 2);  // MIT-SHM 1.2: ShmAttachFd
  if (!by_descriptor) return start_error("the X server has no MIT-SHM extension of version 1.2 or later");
  const XcbPtr<xcb_damage_query_version_reply_t> damage(xcb_damage_query_version_reply(
      x, xcb_damage_query_version(x, XCB_DAMAGE_MAJOR_VERSION, XCB_DAMAGE_MINOR_VERSION), nullptr));
  if (!damage) return start_error("the X server has no DAMAGE extension");
  damage_event_ = static_cast<std::uint8_t>(xcb_get_extension_data(x, &xcb_damage_id)->first_event + XCB_DAMAGE_NOTIFY);

  segment_ = xcb_generate_id(x);
  const int passed = ::fcntl(shared_memory, F_DUPFD_CLOEXEC, 0);  // xcb closes the descriptor that it sends
  const XcbPtr<xcb_generic_error_t> refused(xcb_request_check(x, xcb_shm_attach_fd_checked(x, segment_, passed, 0)));
  if (refused) return start_error("the X server does not take shared memory (MIT-SHM)");
  // Raw rectangles: one event for each drawing operation, and nothing to acknowledge.
  xcb_damage_create(x, xcb_generate_id(x), root_, XCB_DAMAGE_REPORT_LEVEL_RAW_RECTANGLES);
  // The pointer starts in the middle, where it would make the page show :hover; the last pixel is outside the page.
  xcb_warp_pointer(x, XCB_NONE, root_, 0, 0, 0, 0, static_cast<std::int16_t>(width_), static_cast<std::int16_t>(height_));
  xcb_flush(x);
  return {};
}

void Screen::note(const xcb_generic_event_t& event) {
  if ((event.response_type & 0x7f) != damage_event_ || before(event.full_sequence, forget_before_)) return;
  xcb_damage_notify_event_t notify;
  std::memcpy(&notify, &event, sizeof notify);
  const xcb_rectangle_t& area = notify.area;
  if (area.x < width_ && area.y < height_) damaged_ = true;
}

void Screen::take_damage() {
  while (const XcbPtr<xcb_generic_event_t> event{xcb_poll_for_event(connection_.get())}) note(*event);
}

asio::awaitable<Result<void>> Screen::wait() {
  const Error ended{.code = Errc::cancelled, .detail = "waiting for a picture was cancelled", .stage = Stage::capture};
  bool cancelled = co_await is_cancelled();
  if (cancelled) co_return ended;
  boost::system::error_code failed;
  co_await socket_.async_wait(asio::posix::stream_descriptor::wait_read, asio::redirect_error(asio::use_awaitable, failed));
  cancelled = co_await is_cancelled();
  if (failed || cancelled) co_return ended;
  if (xcb_connection_has_error(connection_.get()) != 0) co_return server_ended();
  co_return Result<void>{};
}

void Screen::interrupt() { socket_.cancel(); }

asio::awaitable<Result<void*>> Screen::reply(std::uint32_t request) {
  for (;;) {
    void* answer = nullptr;
    xcb_generic_error_t* error = nullptr;
    if (xcb_poll_for_reply(connection_.get(), request, &answer, &error) != 0) {
      const XcbPtr<xcb_generic_error_t> owned(error);
      if (answer != nullptr) co_return answer;
      if (xcb_connection_has_error(connection_.get()) != 0) co_return server_ended();
      co_return Error{.code = Errc::capture_failed, .detail = "the X server did not copy the picture", .stage = Stage::capture};
    }
    auto waited = co_await wait();
    if (!waited) co_return waited.error();
  }
}

/// The server reports drawing by an event. It may hold the event back for a moment, but sends it before the reply to a later
/// request.
asio::awaitable<Result<bool>> Screen::has_changed() {
  take_damage();
  if (damaged_) co_return true;
  const auto request = xcb_get_input_focus(connection_.get());  // the cheapest request that has a reply
  xcb_flush(connection_.get());
  auto answer = co_await reply(request.sequence);
  if (!answer) co_return answer.error();
  std::free(*answer);
  take_damage();
  co_return damaged_;
}

asio::awaitable<Result<void>> Screen::copy(std::size_t offset) {
  const auto request = xcb_shm_get_image(connection_.get(), root_, 0, 0, width_, height_, all_planes, XCB_IMAGE_FORMAT_Z_PIXMAP,
                                         segment_, static_cast<std::uint32_t>(offset));
  xcb_flush(connection_.get());
  auto answer = co_await reply(request.sequence);
  if (!answer) co_return answer.error();
  std::free(*answer);
  forget_before_ = request.sequence;  // what was drawn before is in the copy
  damaged_ = false;
  co_return Result<void>{};
}

}  // namespace orchestrator
