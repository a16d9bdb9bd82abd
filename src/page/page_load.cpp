// From a URL to a page that is ready to be captured.
#include "base/json_reader.hpp"
#include "base/rational.hpp"
#include "base/web_url.hpp"
#include "cdp/cdp_fields.hpp"
#include "page/contracts.hpp"
#include "page/page.hpp"
#include "page/page_error.hpp"
#include "page/page_settings.hpp"
#include "page/runtime.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds leave_limit{10};
/// What is evaluated among the page's scripts sees what they declare by `const` (contracts.js).
constexpr const char* ask_ready =
    "ready({renderFrame: () => renderFrame, orchestratorReady: () => orchestratorReady, "
    "orchestratorComposition: () => orchestratorComposition})";

/// JSON members that the runtimes of the page and of its workers share.
std::string shared_config(const LoadRequest& request) {
  const std::string fps = R"({"num":)" + std::to_string(request.fps.num) + R"(,"den":)" + std::to_string(request.fps.den) + "}";
  const auto limit = std::chrono::milliseconds(foreign_limit).count();
  return R"("fps":)" + fps + R"(,"strict":)" + (request.page.strict ? "true" : "false") + R"(,"requestLimitMs":)" +
         std::to_string(limit) + R"(,"token":")" + make_secret() + "\"";
}

std::string cdp_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) list += (list.empty() ? "" : ",") + cdp_quote(text);
  return "[" + list + "]";
}

/// What contracts need to know (contract_remotion.js). The props are a text: in a literal of JavaScript a member "__proto__" is
/// no member, but sets the object's prototype.
std::string film_config(const LoadRequest& request, const PageOptions& options) {
  return R"({"id":)" + cdp_quote(request.composition_id) + R"(,"described":)" + cdp_quote(request.described) +
         R"(,"isRendered":)" + (request.frames.empty() ? "false" : "true") + R"(,"isStateful":)" +
         (request.page.stateful ? "true" : "false") + R"(,"firstFrame":)" + std::to_string(request.frames.first) +
         R"(,"width":)" + std::to_string(options.width) + R"(,"height":)" + std::to_string(options.height) + R"(,"mediaPort":)" +
         std::to_string(request.media_port) + R"(,"styleSheets":)" + cdp_list(request.page.style_sheets) +
         R"(,"longestLimitMs":)" + std::to_string(std::max(request.timeouts.load, request.timeouts.frame).count()) +
         R"(,"props":)" + cdp_quote(request.props.empty() ? "{}" : request.props) + "}";
}

std::string runtime_source(const LoadRequest& request, const std::string& shared, const std::string& key,
                           const PageOptions& options) {
  return "(" + std::string(page_runtime_script()) + R"()({"film":)" + film_config(request, options) + R"(,"key":")" + key +
         R"(","hasBenchmarking":)" + (options.has_benchmarking ? "true" : "false") + R"(,"losesScreen":)" +
         (options.loses_screen ? "true," : "false,") + shared + "});";
}

Error load_error(Error error, const LoadRequest& request, std::string_view waiting_for) {
  error.stage = Stage::load;
  if (error.code != Errc::timed_out) return error;
  error.code = Errc::load_timeout;
  error.detail = request.url + " was not ready within " + seconds_text(request.timeouts.load) + ": still waiting for " +
                 std::string(waiting_for);
  return error;
}

/// The runtime has checked the numbers that it gives; the rates and times are texts, so that they stay exact.
DescribedComposition read_composition(JsonReader said) {
  DescribedComposition composition;
  said.read("id", composition.id).read("width", composition.width).read("height", composition.height);
  said.read("frames", composition.frames).read("described", composition.described).read("error", composition.error);
  const auto rational = [&said](const char* name, Rational& value) {
    std::string text = "0";
    said.read(name, text);
    value = parse_rational(text).value_or(Rational{});
  };
  rational("fps", composition.fps);
  rational("duration", composition.duration);
  return composition;
}

Result<std::vector<DescribedComposition>> read_compositions(std::string_view reply) {
  std::vector<DescribedComposition> compositions;
  const std::string said = cdp_json(reply, "/result/value").value_or("{}");
  const auto wrong = read_json(said, "ready", [&](JsonReader ready) {
    ready.required("said").array(
        "said", [&](JsonReader composition) { compositions.push_back(read_composition(std::move(composition))); });
  });
  if (wrong) return Error{.code = Errc::internal, .detail = *wrong, .stage = Stage::load};
  return compositions;
}

Result<LoadedPage> read_ready(const LoadRequest& request, std::string_view reply) {
  auto compositions = read_compositions(reply);
  if (!compositions) return compositions.error();
  LoadedPage loaded{.contract = cut_text(cdp_text(reply, "/result/value/contract").value_or("")),
                    .compositions = std::move(*compositions)};
  const auto traits = traits_of_contract(loaded.contract);
  if (!traits) return Error{.code = Errc::internal, .detail = "no contract '" + loaded.contract + "'", .stage = Stage::load};
  loaded.traits = *traits;
  if (cdp_flag(reply, "/result/value/drawsAll").value_or(false)) loaded.traits.order = FrameOrder::from_zero;
  if (loaded.compositions.size() != 1) return loaded;  // a list of them, of which none is rendered
  const RenderRange all = all_frames(loaded.compositions.front(), loaded.traits, request.fps);
  if (all.chosen()) loaded.frames = all.frames(request.fps).count();
  if (loaded.frames && *loaded.frames < request.frames.last) {
    return Error{.code = Errc::range_exceeds_composition,
                 .detail = request.url + " has " + std::to_string(*loaded.frames) + " frames; frame " +
                           std::to_string(request.frames.last - 1) + " (the first is 0) was asked for",
                 .stage = Stage::load};
  }
  return loaded;
}

/// The calls that leave a page: methods and parameters. They are made before a window's first page, too, so that it finds what
/// every later page finds (history.length above all). Not inside the coroutine that uses the list, see set_up_steps.
std::vector<std::pair<const char*, std::string>> leave_steps() {
  return {
      {"Page.navigate", R"({"url":"about:blank"})"},
      {"Runtime.evaluate", R"({"expression":"window.name=''"})"},  // the name belongs to the window and would stay
      {"Page.resetNavigationHistory", "{}"},
      {"Storage.clearDataForOrigin", R"({"origin":"*","storageTypes":"all"})"},
      {"Network.clearBrowserCookies", "{}"},
      {"Network.clearBrowserCache", "{}"},  // what a server allows to keep may have changed when the next page is loaded
      {"Fetch.disable", "{}"},              // see log_in()
  };
}

}  // namespace

asio::awaitable<Result<LoadedPage>> Page::load(LoadRequest request) {
  std::string login = take_login(request.url);
  const Deadline deadline = Deadline::clock::now() + request.timeouts.load;
  auto left = co_await leave(Deadline::clock::now() + leave_limit);
  if (!left) co_return left.error();
  left_ = false;
  forget_load();
  phase_ = Phase::loading;
  frame_limit_ = request.timeouts.frame;
  auto settled = co_await apply_page_settings(connection_, session_, request.page, deadline);
  if (!settled) co_return load_error(settled.error(), request, "the browser");
  auto installed = co_await install_runtime(request, deadline);
  if (!installed) co_return load_error(installed.error(), request, "the browser");
  auto logged_in = co_await log_in(request.url, std::move(login), deadline);
  if (!logged_in) co_return load_error(logged_in.error(), request, "the browser");
  auto arrived = co_await navigate(request, deadline);
  if (!arrived) co_return load_error(arrived.error(), request, "the server's answer");
  auto ready = co_await wait_ready(request, deadline);
  if (!ready) {
    std::string awaited;
    if (ready.error().code == Errc::timed_out) awaited = co_await pending();
    Error error = load_error(ready.error(), request, awaited);
    if (failure_ && error.code == Errc::page_error) error.detail += co_await other_system();
    co_return error;
  }
  phase_ = Phase::showing;
  auto loaded = read_ready(request, *ready);
  steps_ = loaded && loaded->traits.order != FrameOrder::any;
  co_return loaded;
}

void Page::forget_load() {
  failure_.reset();
  frame_.reset();
  approaching_ = steps_ = went_on_ = false;
  reached_ = -1;
  documents_.clear();
  wrong_style_sheets_.clear();
  quirky_loaders_.clear();
  under_way_.clear();
  frame_questions_.clear();
  texts_.clear();
  lines_told_ = 0;
}

asio::awaitable<Result<void>> Page::leave(Deadline deadline) {
  if (left_) co_return Result<void>{};
  phase_ = Phase::blank;
  failure_.reset();  // or no frame could be drawn meanwhile, without which headless shell never draws the next page
  // While Chromium waits for a server, it holds back calls to the page. If it waits for none, it may refuse this call.
  static_cast<void>(co_await connection_.call("Page.stopLoading", "{}", session_, deadline));
  auto steps = leave_steps();
  if (!runtime_script_id_.empty()) {
    const std::string params = R"({"identifier":)" + cdp_quote(runtime_script_id_) + "}";
    steps.emplace(steps.begin(), "Page.removeScriptToEvaluateOnNewDocument", params);
  }
  for (const auto& [method, params] : steps) {
    auto done = co_await connection_.call(method, params, session_, deadline);
    if (done) continue;
    usable_ = false;
    if (done.error().code == Errc::cancelled) co_return done.error();
    co_return Error{.code = Errc::browser_crashed,
                    .detail = "the previous page does not go away: " + done.error().detail,
                    .stage = Stage::load};
  }
  runtime_script_id_.clear();
  left_ = true;
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Page::install_runtime(const LoadRequest& request, Deadline deadline) {
  const std::string shared = shared_config(request);
  runtime_key_ = make_secret();
  std::string params = R"({"source":)" + cdp_quote(runtime_source(request, shared, runtime_key_, options_)) + "}";
  auto added = co_await call("Page.addScriptToEvaluateOnNewDocument", std::move(params), deadline);
  if (!added) {
    usable_ = false;  // the script may be there all the same, but without its identifier it cannot be removed
    co_return added.error();
  }
  runtime_script_id_ = cdp_text(*added, "/identifier").value_or("");
  std::string for_workers = worker_source("{" + shared + "}");
  auto workers = co_await watch_workers(std::move(for_workers), deadline);
  if (!workers) co_return workers.error();
  // Rate 0: CSS and Web Animations stand still, and the runtime sets their time (Animation domain).
  auto enabled = co_await call("Animation.enable", "{}", deadline);
  if (!enabled) co_return enabled.error();
  auto stopped = co_await call("Animation.setPlaybackRate", R"({"playbackRate":0})", deadline);
  if (!stopped) co_return stopped.error();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Page::navigate(const LoadRequest& request, Deadline deadline) {
  std::string params = R"({"url":)" + cdp_quote(request.url) + "}";
  auto reply = co_await call("Page.navigate", std::move(params), deadline);
  if (!reply) co_return refused_url_error(request.url, reply.error());
  const Document document = documents_[cdp_text(*reply, "/frameId").value_or("")];
  constexpr std::int64_t first_failure = 400;  // RFC 9110, 15.5
  if (document.status >= first_failure) co_return status_error(document.url, document.status);
  const auto failed = cdp_text(*reply, "/errorText");
  if (!failed) co_return Result<void>{};
  if (*failed != "net::ERR_ABORTED") co_return navigation_error(request.url, *failed);
  const bool is_download = cdp_flag(*reply, "/isDownload").value_or(false);
  co_return no_page_error(document.url.empty() ? request.url : document.url, document.status, is_download);
}

asio::awaitable<Result<std::string>> Page::wait_ready(const LoadRequest& request, Deadline deadline) {
  for (;;) {
    auto ready = co_await try_ready(deadline);
    if (ready && *ready) co_return **ready;
    const bool is_replaced = ready || is_navigation_race(ready.error().detail);
    if (!is_replaced) {
      Error error = ready.error();
      if (error.code == Errc::page_error && !failure_) error.detail = request.url + ": " + error.detail;
      co_return error;
    }
    co_await pause_for_document();
  }
}

/// Waits for everything that the load causes before it asks the page how it is driven: code that the page loads may define
/// renderFrame, and another document may take its place.
asio::awaitable<Result<std::optional<std::string>>> Page::try_ready(Deadline deadline) {
  const std::int64_t before = navigations_;
  auto loaded = co_await ask("loaded()", deadline);
  if (!loaded) co_return loaded.error();
  auto settled = co_await settle(deadline);
  if (!settled) co_return settled.error();
  if (navigations_ != before) co_return std::optional<std::string>();
  const bool may_be_there = cdp_flag(*loaded, "/result/value/mayHaveClosedRoots").value_or(false);
  auto learnt = co_await learn_closed_roots(deadline, may_be_there);
  if (!learnt) co_return learnt.error();
  auto ready = co_await ask(ask_ready, deadline);
  if (!ready) co_return ready.error();
  settled = co_await settle(deadline);
  if (!settled) co_return settled.error();
  if (navigations_ != before) co_return std::optional<std::string>();
  co_return std::optional(*ready);
}

asio::awaitable<Result<std::string>> Page::ask(std::string call, Deadline deadline) {
  if (failure_) co_return *failure_;
  auto asked = ask_runtime("runtime." + call, deadline);
  auto reply = co_await connection_.finish(std::move(asked));
  if (reply) reply = co_await pass_pauses(std::move(*reply), deadline);
  if (failure_) co_return *failure_;
  const auto thrown = reply ? cdp_json(*reply, "/exceptionDetails") : std::nullopt;
  if (thrown) co_return Error{.code = Errc::page_error, .detail = exception_text(*thrown), .stage = Stage::load};
  co_return reply;
}

asio::awaitable<Result<void>> Page::wait_until_drawn(Deadline deadline) {
  // An isolated world has the browser's own requestAnimationFrame, whatever the page or the runtime made of theirs. Its
  // callbacks wait for Chromium to end the pause in which a new document's changes are not drawn.
  std::string world = R"({"worldName":"orchestrator","frameId":)" + cdp_quote(target_) + "}";
  auto made = co_await call("Page.createIsolatedWorld", std::move(world), deadline);
  if (!made) co_return made.error();
  const std::string context = std::to_string(cdp_integer(*made, "/executionContextId").value_or(0));
  std::string params = R"({"awaitPromise":true,"silent":true,"contextId":)" + context +
                       R"js(,"expression":"new Promise(r=>requestAnimationFrame(()=>requestAnimationFrame(()=>r())))"})js";
  auto drawn = co_await call("Runtime.evaluate", std::move(params), deadline);
  if (failure_) co_return *failure_;
  if (drawn) co_return Result<void>{};
  Error error = drawn.error();
  error.stage = Stage::load;
  if (error.code == Errc::timed_out) {
    error.code = Errc::load_timeout;
    error.detail = "the page was ready, but Chromium did not draw it";
  }
  co_return error;
}

}  // namespace orchestrator
