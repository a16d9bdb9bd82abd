#include "capture/display.hpp"

#include "base/machine_fault.hpp"
#include "process/process_cpu.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/random.h>

#include <fstream>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds display_start_limit{10};
constexpr std::chrono::seconds stop_grace{2};
constexpr std::size_t cookie_size = 16;  // MIT-MAGIC-COOKIE-1 is 128 bits

/// Xauthority numbers are 16 bits, big-endian, and texts carry their length in front.
void append_number(std::string& file, std::size_t number) {
  file.push_back(static_cast<char>(number >> 8 & 0xff));
  file.push_back(static_cast<char>(number & 0xff));
}

void append_text(std::string& file, std::string_view text) {
  append_number(file, text.size());
  file.append(text);
}

std::string random_cookie() {
  std::string cookie(cookie_size, '\0');
  const bool complete = ::getrandom(cookie.data(), cookie.size(), 0) == static_cast<ssize_t>(cookie.size());
  return complete ? cookie : std::string();
}

Error display_error(std::string detail, std::string tail = {}) {
  return Error{
      .code = Errc::browser_unavailable, .detail = std::move(detail), .stage = Stage::start, .output_tail = std::move(tail)};
}

Error no_number(std::string tail) {
  if (const auto fault = browser_fault(tail)) return display_error("Xvfb does not start: " + fault->text());
  return display_error("Xvfb does not start", std::move(tail));
}

std::vector<std::string> server_arguments(const Display::Options& options, const std::filesystem::path& cookie_file) {
  const std::string screen = std::to_string(options.width) + "x" + std::to_string(options.height) + "x24";
  // -terminate: the server ends with its last client. "unix" is the socket below /tmp/.X11-unix; the abstract one, which it
  // listens on, is "local".
  return {options.program, "-displayfd", "1",         "-screen", "0",       screen,      "-auth",     cookie_file.string(),
          "-nolisten",     "tcp",        "-nolisten", "unix",    "-nolock", "-nocursor", "-terminate"};
}

/// The display's number, which the server writes to its standard output (-displayfd 1) once it listens. Empty if none came.
asio::awaitable<std::string> read_number(ChildProcess& server) {
  auto& output = server.output();
  asio::steady_timer limit(co_await asio::this_coro::executor, display_start_limit);
  limit.async_wait([&output](boost::system::error_code aborted) {
    if (!aborted) output.cancel();
  });
  std::string line;
  boost::system::error_code ended;
  co_await asio::async_read_until(output, asio::dynamic_buffer(line, 64), '\n', asio::redirect_error(asio::use_awaitable, ended));
  co_return ended ? std::string() : line.substr(0, line.find('\n'));
}

}  // namespace

std::string xauthority_file(std::string_view cookie) {
  constexpr std::size_t any_host = 0xffff;  // FamilyWild (X11/Xauth.h)
  std::string file;
  append_number(file, any_host);
  append_text(file, "");  // address
  append_text(file, "");  // display number
  append_text(file, "MIT-MAGIC-COOKIE-1");
  append_text(file, cookie);
  return file;
}

asio::awaitable<Result<std::unique_ptr<Display>>> Display::start(Options options) {
  const std::string cookie = random_cookie();
  if (cookie.empty()) co_return display_error("getrandom(2) gave no cookie for the X server");
  const auto cookie_file = options.directory / "Xauthority";
  if (!(std::ofstream(cookie_file, std::ios::binary) << xauthority_file(cookie)).flush()) {
    co_return display_error("cannot write " + cookie_file.string());
  }
  SpawnOptions spawn{.argv = server_arguments(options, cookie_file)};
  spawn.output.kind = Stdio::Kind::pipe;
  auto server = ChildProcess::spawn(co_await asio::this_coro::executor, spawn);
  if (!server) co_return display_error(server.error().detail);
  std::unique_ptr<Display> display(new Display(std::move(*server), cookie, cookie_file));
  const std::string number = co_await read_number(display->server_);
  const bool cancelled = co_await is_cancelled();
  if (cancelled || number.empty()) co_await display->stop();
  if (cancelled) co_return cancelled_error(Stage::start, "cancelled while Xvfb started");
  if (number.empty()) co_return no_number(display->server_.error_tail());
  display->name_ = ":" + number;
  co_return display;
}

std::vector<std::pair<std::string, std::string>> Display::environment() const {
  return {{"DISPLAY", name_}, {"XAUTHORITY", cookie_file_.string()}};
}

std::chrono::microseconds Display::cpu() const { return process_cpu(server_.pid()); }

asio::awaitable<void> Display::stop() { co_await server_.stop(stop_grace); }

}  // namespace orchestrator
