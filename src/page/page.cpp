#include "page/page.hpp"

#include "cdp/cdp_fields.hpp"
#include "page/page_error.hpp"
#include "page/page_settings.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <vector>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// How long a page whose time is over may take to say what it is waiting for.
constexpr std::chrono::milliseconds last_words_limit{1000};

Deadline within(std::chrono::milliseconds limit) { return Deadline::clock::now() + limit; }

/// The id of the window that a browser started with.
asio::awaitable<Result<std::string>> first_page(CdpConnection& connection) {
  auto targets = co_await connection.call("Target.getTargets", R"({"filter":[{"type":"page"}]})", "", within(chore_limit));
  if (!targets) co_return targets.error();
  auto id = cdp_text(*targets, "/targetInfos/0/targetId");
  if (!id) co_return Error{.code = Errc::browser_unavailable, .detail = "Chromium opened no window", .stage = Stage::start};
  co_return *id;
}

asio::awaitable<Result<std::string>> new_page(CdpConnection& connection, const PageOptions& options) {
  std::string params = R"({"url":"about:blank","enableBeginFrameControl":true,"width":)" + std::to_string(options.width) +
                       R"(,"height":)" + std::to_string(options.height) + "}";
  auto created = co_await connection.call("Target.createTarget", std::move(params), "", within(chore_limit));
  if (!created) co_return created.error();
  co_return cdp_text(*created, "/targetId").value_or("");
}

std::string metrics(const PageOptions& options) {
  const std::string size = R"("width":)" + std::to_string(options.width) + R"(,"height":)" + std::to_string(options.height);
  const std::string screen =
      R"("screenWidth":)" + std::to_string(options.width) + R"(,"screenHeight":)" + std::to_string(options.height);
  return "{" + size + "," + screen + R"(,"deviceScaleFactor":1,"mobile":false})";
}

struct Step {
  const char* method;
  std::string params;
  bool for_browser{false};
};

// Not inside the coroutine that uses the list: there, GCC 12 destroys the elements of an initializer list twice.
std::vector<Step> set_up_steps(const PageOptions& options) {
  return {
      {"Page.enable", "{}"},
      {"Runtime.enable", "{}"},
      {"Runtime.addBinding", R"({"name":"orchestratorAsk"})"},  // for the runtime, which takes it from the page's sight
      // Of response bodies, only the texts of documents are read (hidden_roots.cpp). Chromium keeps 4 MiB for them: a long HTML
      // file.
      {"Network.enable", R"({"maxTotalBufferSize":4194304,"maxResourceBufferSize":4194304})"},
      {"Inspector.enable", "{}"},
      {"Log.enable", "{}"},     // tells what the browser refuses (refusals.hpp)
      {"Audits.enable", "{}"},  // tells which documents are in quirks mode
      {"Emulation.setDeviceMetricsOverride", metrics(options)},
      {"Input.setIgnoreInputEvents", R"({"ignore":true})"},           // a mouse pointer over the window must not act on the page
      {"Emulation.setFocusEmulationEnabled", R"({"enabled":true})"},  // the page looks as if it had the focus
      {"Target.setDiscoverTargets", R"({"discover":true,"filter":[{"type":"page"}]})", true},
      {"Browser.setDownloadBehavior", R"({"behavior":"deny"})", true},
  };
}

}  // namespace

Page::Page(asio::any_io_executor executor, CdpConnection& connection, PageOptions options, std::string target,
           std::string session)
    : connection_(connection),
      options_(std::move(options)),
      target_(std::move(target)),
      session_(std::move(session)),
      changed_(std::move(executor)) {}

asio::awaitable<Result<std::unique_ptr<Page>>> Page::attach(CdpConnection& connection, PageOptions options) {
  Result<std::string> target = std::string();
  if (options.begin_frames) {
    target = co_await new_page(connection, options);
  } else {
    target = co_await first_page(connection);
  }
  if (!target) co_return target.error();
  std::string params = R"({"targetId":)" + cdp_quote(*target) + R"(,"flatten":true})";
  auto attached = co_await connection.call("Target.attachToTarget", std::move(params), "", within(chore_limit));
  if (!attached) co_return attached.error();
  std::string session = cdp_text(*attached, "/sessionId").value_or("");
  const auto executor = co_await asio::this_coro::executor;
  std::unique_ptr<Page> page(new Page(executor, connection, std::move(options), *target, std::move(session)));
  page->watch();
  auto ready = co_await page->set_up();
  if (!ready) co_return ready.error();
  co_return page;
}

asio::awaitable<Result<void>> Page::set_up() {
  const auto steps = set_up_steps(options_);
  for (const Step& step : steps) {
    std::string session = step.for_browser ? "" : session_;
    auto done = co_await connection_.call(step.method, step.params, std::move(session), within(chore_limit));
    if (!done) co_return done.error();
  }
  co_return co_await present_as_chromium(connection_, session_, within(chore_limit));
}

asio::awaitable<Result<std::string>> Page::call(std::string method, std::string params, Deadline deadline) {
  if (failure_) co_return *failure_;
  co_return co_await connection_.call(std::move(method), std::move(params), session_, deadline);
}

std::string Page::runtime_expression(std::string_view expression) const {
  // In sloppy mode, a script of the page that runs meanwhile could get this function, and the key in its text, through
  // Error.prepareStackTrace. Strict mode hides both.
  return "'use strict'; (runtime => " + std::string(expression) + ")(__orchestrator('" + runtime_key_ + "'))";
}

std::shared_ptr<CdpCall> Page::ask_runtime(std::string_view expression, Deadline deadline) {
  return evaluate(runtime_expression(expression), deadline);
}

std::shared_ptr<CdpCall> Page::evaluate(std::string_view expression, Deadline deadline) {
  // `silent`: an exception comes in the reply only, not as Runtime.exceptionThrown as well.
  const std::string params =
      R"({"expression":)" + cdp_quote(expression) + R"(,"awaitPromise":true,"returnByValue":true,"silent":true})";
  return connection_.send("Runtime.evaluate", params, session_, deadline);
}

/// Waits for note_navigation(), whose error names the new URL: Chromium reports it a moment after the document is gone.
asio::awaitable<Error> Page::navigated_away() {
  const Deadline deadline = within(last_words_limit);
  while (!failure_ && Deadline::clock::now() < deadline) {
    changed_.expires_at(deadline);
    boost::system::error_code woken;
    co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error();
  }
  if (failure_) co_return *failure_;
  co_return Error{.code = Errc::page_error,
                  .detail = "the page navigated away while its frames were captured",
                  .stage = Stage::capture,
                  .frame = frame_};
}

asio::awaitable<Result<std::string>> Page::reply_to(std::shared_ptr<CdpCall> call) {
  auto reply = co_await connection_.finish(std::move(call));
  if (reply) reply = co_await pass_pauses(std::move(*reply), frame_deadline_);
  if (failure_) co_return *failure_;
  if (!reply && reply.error().code == Errc::timed_out) co_return co_await frame_timeout({});
  if (!reply && is_navigation_race(reply.error().detail)) co_return co_await navigated_away();
  if (!reply) co_return reply.error();
  const auto thrown = cdp_json(*reply, "/exceptionDetails");
  if (!thrown) co_return *reply;
  co_return Error{.code = Errc::page_error, .detail = exception_text(*thrown), .stage = Stage::capture, .frame = frame_};
}

asio::awaitable<Error> Page::frame_timeout(std::string_view waiting_for) {
  std::string what(waiting_for);
  if (what.empty()) what = co_await pending();  // not `?:`, whose temporaries GCC 12 destroys twice around a co_await
  const std::string frame = "frame " + std::to_string(frame_.value_or(0));
  Error error{.code = Errc::frame_timeout, .stage = Stage::capture, .frame = frame_};
  error.detail = approaching_ ? "stepping to " + frame + ", at frame " + std::to_string(reached_) + ": no progress within "
                              : frame + " was not ready within ";
  error.detail += seconds_text(frame_limit_) + ": still waiting for " + what;
  co_return error;
}

asio::awaitable<std::string> Page::screen_loss(Deadline deadline) {
  auto asked = ask_runtime("runtime.screenLoss()", deadline);
  auto reply = co_await connection_.finish(std::move(asked));
  co_return reply ? cdp_text(*reply, "/result/value").value_or("") : "";
}

/// A page of another system may fail because that system is not there: "; this is ...", or empty.
asio::awaitable<std::string> Page::other_system() {
  auto asked = ask_runtime("runtime.otherSystem()", within(last_words_limit));
  auto reply = co_await connection_.finish(std::move(asked));
  const std::string text = reply ? cdp_text(*reply, "/result/value").value_or("") : "";
  co_return text.empty() ? text : "; " + text;
}

asio::awaitable<std::string> Page::pending() {
  auto asked = ask_runtime("[runtime.pending(), runtime.frame()]", within(last_words_limit));
  auto reply = co_await connection_.finish(std::move(asked));
  if (!reply && reply.error().code == Errc::timed_out) {
    usable_ = false;  // a script that never returns also keeps the next page from loading
    co_return "the page's script to return";
  }
  if (!reply) co_return "the page";
  if (approaching_) reached_ = cdp_integer(*reply, "/result/value/1").value_or(reached_);
  std::string answer = cut_text(cdp_text(*reply, "/result/value/0").value_or(""));
  const std::string requests = under_way_.describe();
  if (answer.empty())
    answer = requests.empty() ? "the page" : requests;
  else if (!requests.empty())
    answer += " (" + requests + ")";
  co_return answer;
}

}  // namespace orchestrator
