#include "capture/browser.hpp"

#include "base/machine_fault.hpp"
#include "capture/font_settings.hpp"
#include "capture/profile_settings.hpp"
#include "cdp/cdp_fields.hpp"
#include "process/descriptors.hpp"
#include "process/process_cpu.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds browser_start_limit{30};
constexpr std::chrono::seconds stop_limit{3};
constexpr std::chrono::milliseconds stop_pause{5};

/// Of the answer to Browser.getVersion: what comes after the name in "Chrome/141.0.7390.65" or "HeadlessChrome/...".
std::string version_in(const std::string& answer) {
  const std::string product = cdp_text(answer, "/product").value_or("");
  return product.substr(std::min(product.find('/') + 1, product.size()));
}

bool small_shared_memory() {
  constexpr unsigned long enough = 512UL << 20;  // a few tile sets and pictures of 4K
  struct statvfs info {};
  return ::statvfs("/dev/shm", &info) != 0 || info.f_bavail * info.f_frsize < enough;
}

std::filesystem::path profile_of(const std::filesystem::path& directory) { return directory / "profile"; }

BrowserCommand command_for(const BrowserLaunch& launch, const std::filesystem::path& directory) {
  return {.kind = launch.kind,
          .program = launch.program,
          .full_browser = launch.full_browser,
          .profile = profile_of(directory),
          .width = launch.width,
          .height = launch.height,
          .host_resolver_rules = launch.host_resolver_rules,
          .locale = launch.locale,
          .limit_rate = launch.limit_rate,
          .sandbox = launch.sandbox && ::geteuid() != 0,
          .small_shared_memory = small_shared_memory()};
}

std::filesystem::path font_settings_file(const std::filesystem::path& directory) { return directory / "fonts.conf"; }

/// TMPDIR is set because a killed Chromium leaves directories there; the XDG folders, because Chromium leaves
/// ~/.config/chromium/Crash Reports, and GTK ~/.cache/dconf. The session bus is disabled, because asking for one may start a
/// dbus-daemon that stays. UTC is the time zone of each page until it is loaded with one of its own.
std::vector<std::pair<std::string, std::string>> environment_for(const BrowserLaunch& launch,
                                                                 const std::filesystem::path& directory) {
  auto environment = launch.environment;
  environment.emplace_back("TMPDIR", directory.string());
  for (const char* folder : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME"}) environment.emplace_back(folder, directory.string());
  // No page needs the machine's services; see error_tail().
  for (const char* bus : {"DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"}) environment.emplace_back(bus, "disabled:");
  environment.emplace_back("TZ", "UTC");
  environment.emplace_back("FONTCONFIG_FILE", font_settings_file(directory).string());
  return environment;
}

Error launch_error(std::string detail, std::string tail = {}) {
  return Error{
      .code = Errc::browser_unavailable, .detail = std::move(detail), .stage = Stage::start, .output_tail = std::move(tail)};
}

Error unwritable(const std::filesystem::path& directory, int reason) {
  const std::string why = reason != 0 ? std::string(": ") + std::strerror(reason) : "";
  return launch_error("cannot write in " + directory.string() + why + "; set TMPDIR to a folder with room");
}

struct Channel {
  UniqueFd ours{};
  UniqueFd theirs{};
};

Result<Channel> make_socket() {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) {
    return launch_error(std::string("cannot make a socket for the browser: ") + start_failure(errno));
  }
  return Channel{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<Browser>>> Browser::launch(BrowserLaunch launch, std::filesystem::path directory) {
  errno = 0;
  const bool written = write_font_settings(font_settings_file(directory)) && write_profile_settings(profile_of(directory));
  if (!written) co_return unwritable(directory, errno);
  auto commands = make_socket();
  if (!commands) co_return commands.error();
  auto replies = make_pipe();
  if (!replies) co_return replies.error();
  SpawnOptions spawn{.argv = browser_arguments(command_for(launch, directory))};
  spawn.environment = environment_for(launch, directory);
  spawn.extra_fds = {{commands->theirs.get(), 3}, {replies->write.get(), 4}};  // what --remote-debugging-pipe expects
  spawn.own_group = true;
  if (launch.sandbox && ::geteuid() == 0 && launch.log) {
    launch.log(LogLevel::warning, "running as root, so Chromium runs without its sandbox; render as another user if you can");
  }
  const auto executor = co_await asio::this_coro::executor;
  auto process = ChildProcess::spawn(executor, spawn);
  if (!process) co_return launch_error(process.error().detail);
  // From here on only the browser holds its ends, so that its death ends the stream.
  commands->theirs.reset();
  replies->write.reset();
  auto connection = std::make_unique<CdpConnection>(executor, std::move(commands->ours), std::move(replies->read));
  std::unique_ptr<Browser> browser(new Browser(std::move(*process), std::move(connection)));
  const auto deadline = std::chrono::steady_clock::now() + browser_start_limit;
  auto answer = co_await browser->connection().call("Browser.getVersion", "{}", "", deadline);
  if (answer) {
    browser->version_ = version_in(*answer);
    co_return browser;
  }
  const std::string tail = browser->error_tail();
  co_await browser->stop();
  if (answer.error().code == Errc::cancelled) co_return answer.error();
  if (const auto fault = browser_fault(tail)) co_return launch_error("Chromium does not start: " + fault->text());
  co_return launch_error(launch.program + " does not start: " + answer.error().detail, tail);
}

std::string Browser::error_tail() const {
  std::istringstream tail(process_.error_tail());
  std::string told;
  for (std::string line; std::getline(tail, line);) {
    const bool is_expected = line.find(":ERROR:dbus/") != std::string::npos;  // twenty lines on the buses that it is kept from
    if (!is_expected) told += (told.empty() ? "" : "\n") + line;
  }
  return told;
}

std::chrono::microseconds Browser::cpu() const { return process_group_cpu(process_.pid()); }

asio::awaitable<void> Browser::stop() {
  connection_->close();
  process_.kill(SIGKILL);
  co_await process_.stop(stop_limit);
  asio::steady_timer pause(co_await asio::this_coro::executor);
  const auto deadline = std::chrono::steady_clock::now() + stop_limit;
  while (process_group_runs(process_.pid()) && std::chrono::steady_clock::now() < deadline) {
    pause.expires_after(stop_pause);
    boost::system::error_code ignored;  // a cancellation leads to this stop and must not cut it short
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

}  // namespace orchestrator
