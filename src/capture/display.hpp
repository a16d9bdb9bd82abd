#pragma once

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orchestrator {

/// An Xauthority(5) file with one MIT-MAGIC-COOKIE-1 that is valid for every display.
std::string xauthority_file(std::string_view cookie);

/// A private X server without a screen (Xvfb). It listens on an abstract Unix socket only, so it leaves no file behind, and
/// lets in only clients that know the cookie, so nobody else on the machine can read the pictures.
class Display {
 public:
  struct Options {
    std::string program{};
    std::filesystem::path directory{};  ///< for the cookie; private, and removed by its owner
    int width{0};
    int height{0};
  };
  /// Errors: Errc::browser_unavailable with what Xvfb wrote.
  static boost::asio::awaitable<Result<std::unique_ptr<Display>>> start(Options options);

  const std::string& name() const noexcept { return name_; }  ///< ":7"
  const std::string& cookie() const noexcept { return cookie_; }
  std::vector<std::pair<std::string, std::string>> environment() const;
  bool running() const noexcept { return server_.running(); }
  std::chrono::microseconds cpu() const;
  boost::asio::awaitable<void> stop();

 private:
  Display(ChildProcess server, std::string cookie, std::filesystem::path cookie_file)
      : server_(std::move(server)), cookie_(std::move(cookie)), cookie_file_(std::move(cookie_file)) {}

  ChildProcess server_;
  std::string cookie_;
  std::filesystem::path cookie_file_;
  std::string name_{};
};

}  // namespace orchestrator
