#pragma once

#include "capture/frame_pool.hpp"

#include <orchestrator/error.hpp>

#include <xcb/xcb.h>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace orchestrator {

struct XcbDisconnect {
  void operator()(xcb_connection_t* connection) const noexcept { xcb_disconnect(connection); }
};

/// The picture on a private X server: says when it changes (XDamage) and copies it into shared memory (MIT-SHM).
/// Lives on one strand.
class Screen {
 public:
  /// Errors: Errc::browser_unavailable naming the missing X extension.
  static Result<std::unique_ptr<Screen>> connect(boost::asio::any_io_executor executor, const std::string& display,
                                                 std::string_view cookie, int width, int height, int shared_memory);

  boost::asio::any_io_executor executor() { return socket_.get_executor(); }
  /// True if something was drawn since the last copy, among all that the server has done when this is called.
  /// Errors, here and below: Errc::cancelled after interrupt() or cancellation, Errc::browser_crashed.
  boost::asio::awaitable<Result<bool>> has_changed();
  /// Copies the picture to `offset` in the shared memory.
  boost::asio::awaitable<Result<void>> copy(std::size_t offset);
  /// Ends a wait for the server that is under way.
  void interrupt();

 private:
  using Connection = std::unique_ptr<xcb_connection_t, XcbDisconnect>;
  Screen(const boost::asio::any_io_executor& executor, Connection connection, int width, int height);
  Result<void> prepare(int shared_memory);
  void take_damage();
  void note(const xcb_generic_event_t& event);
  boost::asio::awaitable<Result<void>> wait();
  boost::asio::awaitable<Result<void*>> reply(std::uint32_t request);

  Connection connection_;
  boost::asio::posix::stream_descriptor socket_;
  xcb_window_t root_{0};
  std::uint16_t width_;
  std::uint16_t height_;
  std::uint32_t segment_{0};
  std::uint8_t damage_event_{0};
  bool damaged_{true};
  std::uint32_t forget_before_{0};
};

}  // namespace orchestrator
