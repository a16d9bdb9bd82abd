#pragma once

#include "capture/browser_command.hpp"
#include "cdp/cdp_connection.hpp"

#include <orchestrator/progress.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace orchestrator {

/// What a browser is started with.
struct BrowserLaunch {
  BrowserKind kind{BrowserKind::headless};
  std::string program{};
  bool full_browser{false};
  int width{0};
  int height{0};
  std::string host_resolver_rules{};
  std::string locale{"en-US"};
  bool limit_rate{false};
  bool sandbox{true};  ///< ignored if this process runs as root: there is no sandbox then
  std::vector<std::pair<std::string, std::string>> environment{};
  std::function<void(LogLevel, std::string_view)> log{};
};

/// A running Chromium with a fresh profile, and the conversation with it. Its processes are one process group, which ends
/// with this object or with this process.
class Browser {
 public:
  /// Errors: Errc::browser_unavailable with what Chromium wrote. `directory` holds its profile and temporary files.
  static boost::asio::awaitable<Result<std::unique_ptr<Browser>>> launch(BrowserLaunch launch, std::filesystem::path directory);

  CdpConnection& connection() noexcept { return *connection_; }
  bool running() const noexcept { return connection_->open() && process_.running(); }
  /// The last lines of its stderr, without those on D-Bus.
  std::string error_tail() const;
  std::chrono::microseconds cpu() const;
  /// Chromium's: "141.0.7390.65"; empty if it did not say.
  const std::string& version() const noexcept { return version_; }
  /// Kills the browser: its profile is thrown away, so nothing needs an orderly end. Returns when all its processes are gone, or
  /// after some seconds.
  boost::asio::awaitable<void> stop();

 private:
  Browser(ChildProcess process, std::unique_ptr<CdpConnection> connection)
      : process_(std::move(process)), connection_(std::move(connection)) {}

  ChildProcess process_;
  std::unique_ptr<CdpConnection> connection_;
  std::string version_{};
};

}  // namespace orchestrator
