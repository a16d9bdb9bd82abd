#include "capture/browser_session.hpp"

#include "base/machine_fault.hpp"
#include "capture/programs.hpp"
#include "cdp/cdp_fields.hpp"
#include "page/page_error.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/this_coro.hpp>

#include <sys/un.h>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// Headless shell starts faster and is smaller. The full browser takes its place where there is none.
Result<void> choose_program(BrowserLaunch& launch) {
  auto shell = find_headless_shell();
  if (launch.kind != BrowserKind::on_display && shell) {
    launch.program = *shell;
    return {};
  }
  if (launch.kind == BrowserKind::by_begin_frame) return shell.error();
  auto chromium = find_chromium();
  if (!chromium) return chromium.error();
  launch.program = *chromium;
  launch.full_browser = true;
  return {};
}

constexpr const char* scratch_prefix = "orchestrator-browser-";

/// Where the browser's folder goes: /tmp if paths in `temporary` are too long. A full Chromium makes a socket in its folder
/// (process_singleton_posix.cc) and does not start if the path of that is longer than 107 bytes (unix(7)).
std::filesystem::path scratch_parent(BrowserKind kind, std::filesystem::path temporary) {
  const std::string socket = std::string("/") + scratch_prefix + "XXXXXX/org.chromium.Chromium.XXXXXX/SingletonSocket";
  constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;
  const bool fits = kind != BrowserKind::on_display || temporary.native().size() + socket.size() <= longest_path;
  return fits ? std::move(temporary) : std::filesystem::path("/tmp");
}

asio::awaitable<Result<std::unique_ptr<Display>>> open_display(const CaptureOptions& options, const GuardedDir& scratch) {
  auto xvfb = find_xvfb();
  if (!xvfb) co_return xvfb.error();
  Display::Options display{.program = *xvfb, .directory = scratch.path()};
  display.width = options.width + 1;  // as large as the window, see browser_command.cpp
  display.height = options.height + 1;
  co_return co_await Display::start(std::move(display));
}

/// Adds the last lines that the browser wrote to an error of it, and names the cause if that is known.
Error with_browser_words(Error error, std::string tail) {
  if (const auto fault = browser_fault(tail)) error.detail = "Chromium does not work: " + fault->text();
  error.output_tail = std::move(tail);
  return error;
}

}  // namespace

asio::awaitable<void> OpenBrowser::stop() {
  co_await browser->stop();
  if (display) co_await display->stop();
  scratch.remove();
}

asio::awaitable<Result<std::unique_ptr<OpenBrowser>>> open_browser(BrowserKind kind, const CaptureOptions& options) {
  BrowserLaunch launch{.kind = kind, .width = options.width, .height = options.height};
  launch.host_resolver_rules = options.host_resolver_rules;
  launch.locale = options.locale;
  launch.limit_rate = options.limit_rate;
  launch.sandbox = options.sandbox;
  launch.log = options.log;
  auto chosen = choose_program(launch);
  if (!chosen) co_return chosen.error();
  const auto temporary = temporary_folder();
  if (!temporary) {
    co_return Error{.code = Errc::browser_unavailable, .detail = temporary.error().detail, .stage = Stage::start};
  }
  const auto parent = scratch_parent(kind, *temporary);
  auto scratch = GuardedDir::create(co_await asio::this_coro::executor, parent, scratch_prefix);
  if (!scratch) {
    co_return Error{.code = Errc::browser_unavailable, .detail = scratch.error().detail, .stage = Stage::start};
  }
  std::unique_ptr<OpenBrowser> open(new OpenBrowser{.scratch = std::move(*scratch)});
  if (kind == BrowserKind::on_display) {
    auto display = co_await open_display(options, open->scratch);
    if (!display) co_return display.error();
    open->display = std::move(*display);
    launch.environment = open->display->environment();
  }
  auto browser = co_await Browser::launch(std::move(launch), open->scratch.path());
  if (!browser) co_return browser.error();
  open->browser = std::move(*browser);
  PageOptions page_options{.width = options.width, .height = options.height, .log = options.log};
  page_options.has_benchmarking = kind != BrowserKind::headless;
  page_options.loses_screen = kind == BrowserKind::on_display && !options.limit_rate;
  page_options.begin_frames = kind == BrowserKind::by_begin_frame;
  auto page = co_await Page::attach(open->browser->connection(), std::move(page_options));
  if (!page) {
    Error error = with_browser_words(page.error(), open->browser->error_tail());
    co_await open->stop();
    co_return error;
  }
  open->page = std::move(*page);
  co_return open;
}

BrowserSession::BrowserSession(std::unique_ptr<OpenBrowser> open, CaptureMode mode)
    : open_(std::move(open)), description_(to_string(mode)) {}

BrowserSession::~BrowserSession() = default;

asio::awaitable<Result<LoadedPage>> BrowserSession::load(LoadRequest request) {
  co_await asio::this_coro::throw_if_cancelled(false);  // cancellation is returned as a value, not thrown
  page().step_freely();
  request_ = std::move(request);
  auto loaded = co_await load_page(request_);
  if (!loaded) co_return explain(loaded.error(), Stage::load);
  co_return loaded;
}

asio::awaitable<Result<Frame>> BrowserSession::capture(std::int64_t frame) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto taken = co_await reach_and_take(frame);
  if (taken) co_return taken;
  Error error = explain(taken.error(), Stage::capture);
  error.stage = Stage::capture;
  error.frame = frame;
  co_return error;
}

asio::awaitable<Result<Frame>> BrowserSession::reach_and_take(std::int64_t frame) {
  for (;;) {
    if (page().is_behind(frame)) {
      auto nearer = co_await approach(frame);
      if (!nearer) co_return nearer.error();
    } else {
      auto taken = co_await take(frame);
      if (!page().went_on()) co_return taken;
    }
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error();
    if (!page().went_on()) continue;
    auto loaded = co_await load_page(request_);
    if (!loaded) co_return loaded.error();
  }
}

asio::awaitable<Result<void>> BrowserSession::approach(std::int64_t frame) {
  auto approaching = page().start_approach(frame);
  co_return co_await page().finish_approach(std::move(approaching));
}

asio::awaitable<Result<void>> BrowserSession::require_benchmarking(Deadline deadline) {
  for (;;) {
    auto asked = co_await page().call("Runtime.evaluate", R"({"expression":"'gpuBenchmarking' in chrome"})", deadline);
    if (asked && cdp_flag(*asked, "/result/value").value_or(false)) co_return Result<void>{};
    if (asked) break;
    // The window may still be loading the page that it starts with.
    if (!is_navigation_race(asked.error().detail) || Deadline::clock::now() >= deadline) co_return asked.error();
    co_await pause_for_document();
  }
  co_return Error{.code = Errc::browser_unavailable,
                  .detail = "this Chromium does not tell when a frame is on the screen (--enable-gpu-benchmarking)",
                  .stage = Stage::start};
}

asio::awaitable<void> BrowserSession::leave() {
  // Leaving takes milliseconds, on a sixth of a core a tenth of a second. The limit is that long for overloaded machines: a page
  // that is not left in time costs a new browser, and one for each chunk would make the overload worse.
  constexpr std::chrono::seconds limit{5};
  co_await asio::this_coro::throw_if_cancelled(false);
  if (!alive()) co_return;
  const Deadline deadline = Deadline::clock::now() + limit;
  const auto left = co_await page().leave(deadline);
  if (!left) co_return;  // alive() is false then
}

Error BrowserSession::explain(Error error, Stage during) const {
  error = named_timeout(std::move(error), during);
  if (error.code != Errc::browser_crashed) return error;
  return with_browser_words(std::move(error), open_->browser->error_tail());
}

CaptureCpu BrowserSession::cpu() const {
  CaptureCpu used{.browser = open_->browser->cpu()};
  if (open_->display) used.display = open_->display->cpu();
  return used;
}

bool BrowserSession::alive() const {
  const bool display_runs = !open_->display || open_->display->running();
  return !stopped_ && open_->browser->running() && display_runs && open_->page->usable();
}

asio::awaitable<void> BrowserSession::stop() {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (std::exchange(stopped_, true)) co_return;
  co_await open_->stop();
}

}  // namespace orchestrator
