#pragma once

#include "capture/frame_pool.hpp"
#include "capture/stamp.hpp"

#include <orchestrator/error.hpp>

#include <xcb/xcb.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
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
  /// What was drawn since the last look.
  struct Damage {
    bool corner{false};  ///< where the stamps are
    bool beyond{false};  ///< anywhere else
  };
  /// The pixels under both stamps.
  using Corner = std::array<std::byte, std::size_t{corner_width} * stamp_height * 4>;

  /// Errors: Errc::browser_unavailable naming the missing X extension.
  static Result<std::unique_ptr<Screen>> connect(boost::asio::any_io_executor executor, const std::string& display,
                                                 std::string_view cookie, int width, int height, int shared_memory);

  boost::asio::any_io_executor executor() { return socket_.get_executor(); }
  /// Takes what was drawn so far; does not wait.
  Damage take_damage();
  /// Waits for the server. Errors: Errc::cancelled after interrupt() or cancellation, Errc::browser_crashed.
  boost::asio::awaitable<Result<void>> wait();
  /// Ends the wait() that is going on.
  void interrupt();

  /// Copies of the picture go in two steps, so that there is time for other things in between.
  std::uint32_t request_picture(std::size_t offset);
  std::uint32_t request_corner();
  /// Damage from before the copy is then forgotten: it is in the copy.
  boost::asio::awaitable<Result<void>> finish_picture(std::uint32_t request);
  boost::asio::awaitable<Result<Corner>> finish_corner(std::uint32_t request);

 private:
  using Connection = std::unique_ptr<xcb_connection_t, XcbDisconnect>;
  Screen(const boost::asio::any_io_executor& executor, Connection connection, int width, int height);
  Result<void> prepare(int shared_memory);
  void note(const xcb_generic_event_t& event);
  boost::asio::awaitable<Result<void*>> reply(std::uint32_t request);

  Connection connection_;
  boost::asio::posix::stream_descriptor socket_;
  xcb_window_t root_{0};
  std::uint16_t width_;
  std::uint16_t height_;
  std::uint32_t segment_{0};
  std::uint8_t damage_event_{0};
  Damage damage_{};
  std::uint32_t forget_before_{0};
};

}  // namespace orchestrator
