// Watches what a page loads: what fails is logged, and what is under way is waited for (UnderWay). A missing script or style
// sheet does not stop a page, but its author hardly ever wants that. Images and fonts that fail are left to the runtime, and
// fetch is left to the page. What arrives and is refused by the browser is told whatever it is.
#include "cdp/cdp_fields.hpp"
#include "page/page.hpp"
#include "page/page_error.hpp"
#include "page/refusals.hpp"
#include "serve/composition_server.hpp"
#include "values/page_type.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// True if a failure of this Network.ResourceType is logged. A "Document" is that of the page or of one of its frames.
bool is_watched(std::string_view type) {
  return type == "Script" || type == "Stylesheet" || type == "Media" || type == "Document";
}

constexpr std::int64_t first_error_status = 400;  // RFC 9110, 15.5

}  // namespace

std::string Page::frame_of(std::string_view params) { return cdp_text(params, "/frameId").value_or(""); }

void Page::watch_network() {
  on("Network.requestWillBeSent", &Page::note_request);
  on("Network.responseReceived", &Page::note_response);
  on("Network.loadingFailed", &Page::note_loading_failed);
  on("Log.entryAdded", &Page::note_log_entry);
  on("Audits.issueAdded", &Page::note_issue);
  connection_.on_event(session_, "Network.loadingFinished", [this](std::string_view params) {
    const std::string id = cdp_text(params, "/requestId").value_or("");
    const UnderWay::Request* request = under_way_.find(id);
    if (request != nullptr && request->type == "Document" && phase_ != Phase::blank) ask_for_text(id);
    under_way_.request_ends(id);
    changed_.cancel();
  });
}

/// Keeps the request's URL, which the events about its end do not carry. For each redirection the event comes again with the
/// same id.
void Page::note_request(std::string_view params) {
  UnderWay::Request request;
  request.type = cdp_text(params, "/type").value_or("");
  request.url = cut_text(cdp_text(params, "/request/url").value_or(""));
  request.frame = frame_of(params);
  request.loader = cdp_text(params, "/loaderId").value_or("");
  request.since = UnderWay::Clock::now();
  request.awaited = is_awaited(request.type, request.loader);
  // A failure of the page's own document is reported by navigate().
  request.told = !is_watched(request.type) || (request.type == "Document" && request.frame == target_);
  under_way_.request_begins(cdp_text(params, "/requestId").value_or(""), std::move(request));
}

void Page::note_response(std::string_view params) {
  const std::string type = cdp_text(params, "/type").value_or("");
  const std::string frame = frame_of(params);
  const std::int64_t status = cdp_integer(params, "/response/status").value_or(0);
  const std::string url = cdp_text(params, "/response/url").value_or("");
  if (type == "Document") documents_[frame] = {status, url};
  if (type == "Document" && frame == target_) return check_page_type(params);
  if (type == "Stylesheet" && status < first_error_status) check_style_sheet(params);
  if (status < first_error_status || type == "Other") return;  // "Other": the browser's own, such as favicon.ico
  UnderWay::Request* request = under_way_.find(cdp_text(params, "/requestId").value_or(""));
  if (request != nullptr) request->told = true;
  tell(LogLevel::warning, type + " " + status_text(cut_text(url), status));
}

/// Fails a page that is neither HTML nor XML, nor a script, which may be a built project, as soon as its type is known: Chromium
/// would show a picture or a text in a page of its own making, and would go on loading a video for as long as it plays.
void Page::check_page_type(std::string_view params) {
  const std::string type = cdp_text(params, "/response/mimeType").value_or("");
  const std::int64_t status = cdp_integer(params, "/response/status").value_or(0);
  if (status >= first_error_status || is_without_content(status) || is_page_type(type) || is_script_type(type)) return;
  const std::string url = cut_text(cdp_text(params, "/response/url").value_or(""));
  fail(Error{.code = Errc::composition_not_found, .detail = no_page_text(url, cut_text(type))});
}

void Page::note_loading_failed(std::string_view params) {
  const std::string id = cdp_text(params, "/requestId").value_or("");
  const UnderWay::Request* request = under_way_.find(id);
  if (request == nullptr) return;
  const std::string what = request->type + " " + request->url;
  const auto refused = block_reason(params);
  if (refused) refuse(request->url, what + " failed to load: " + *refused);
  const bool is_told = refused || request->told || phase_ == Phase::blank || cdp_flag(params, "/canceled").value_or(false);
  under_way_.request_ends(id);
  changed_.cancel();
  if (is_told) return;
  if (cdp_text(params, "/blockedReason") == "csp") return;  // see note_log_entry()
  tell(LogLevel::warning, what + " failed to load: " + cdp_text(params, "/errorText").value_or(""));
}

void Page::note_log_entry(std::string_view params) {
  if (const auto refusal = refusal_in_log(params)) refuse(refusal->url, "page: " + refusal->text);
}

void Page::note_issue(std::string_view params) {
  constexpr std::string_view details = "/issue/details/quirksModeIssueDetails";
  if (cdp_flag(params, std::string(details) + "/isLimitedQuirksMode").value_or(true)) return;
  quirky_loaders_.insert(cdp_text(params, std::string(details) + "/loaderId").value_or(""));
}

void Page::check_style_sheet(std::string_view params) {
  const auto wrong = style_sheet_refusal(params);
  if (!wrong) return;
  const std::string url = cdp_text(params, "/response/url").value_or("");
  wrong_style_sheets_.push_back({.url = url,
                                 .text = "Stylesheet " + cut_text(url) + ": " + *wrong,
                                 .loader = cdp_text(params, "/loaderId").value_or(""),
                                 .is_foreign = !is_same_origin(url, documents_[frame_of(params)].url)});
}

/// Documents in quirks mode take style sheets of their own origin whatever their type is. Chromium tells of the mode when it has
/// read the document: before the load event, and after the answers for its style sheets.
void Page::refuse_style_sheets() {
  for (const WrongStyleSheet& sheet : std::exchange(wrong_style_sheets_, {})) {
    if (sheet.is_foreign || !quirky_loaders_.contains(sheet.loader)) refuse(sheet.url, sheet.text);
  }
}

void Page::refuse(const std::string& url, const std::string& text) {
  if (phase_ == Phase::blank) return;
  if (!is_composition_file(url)) return tell(LogLevel::warning, text);
  fail(Error{.code = Errc::page_error, .detail = text});
}

std::set<std::string> Page::waited_for(std::string_view reply) {
  std::set<std::string> urls;
  for (std::size_t i = 0;; ++i) {
    auto url = cdp_text(reply, "/result/value/waitedFor/" + std::to_string(i));
    if (!url) return urls;
    urls.insert(cut_text(*url));
  }
}

asio::awaitable<Result<void>> Page::wait_for_ends(Deadline deadline, std::vector<std::string>& given_up) {
  while (!under_way_.quiet()) {
    const auto now = Deadline::clock::now();
    for (std::string& what : under_way_.give_up(now)) given_up.push_back(std::move(what));
    if (under_way_.quiet()) break;
    if (failure_) co_return *failure_;
    if (now >= deadline) co_return Error{.code = Errc::timed_out, .detail = under_way_.describe()};
    changed_.expires_at(std::min(deadline, under_way_.limit()));
    boost::system::error_code woken;
    co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error();
  }
  co_return Result<void>{};
}

asio::awaitable<Result<bool>> Page::settle(Deadline deadline, bool once_at_least, std::string_view how) {
  constexpr int most_rounds = 20;  // a page may for ever begin what ends within the same round
  bool any = false;
  bool went_on = once_at_least;
  for (int round = 0; !under_way_.quiet() || (went_on && round < most_rounds); ++round, any = true) {
    std::vector<std::string> given_up;
    auto ended = co_await wait_for_ends(deadline, given_up);
    if (!ended) co_return ended.error();
    std::string names;
    for (const std::string& name : given_up) names += (names.empty() ? "" : ",") + cdp_quote(name);
    auto learnt = co_await learn_closed_roots(deadline);
    if (!learnt) co_return learnt.error();
    under_way_.note_what_begins();
    auto settling = ask_runtime("runtime." + std::string(how) + "([" + names + "])", deadline);
    auto reply = co_await connection_.finish(std::move(settling));
    if (reply) reply = co_await pass_pauses(std::move(*reply), deadline);
    if (failure_) co_return *failure_;
    if (!reply) co_return reply.error();
    const auto thrown = cdp_json(*reply, "/exceptionDetails");
    if (thrown) co_return Error{.code = Errc::page_error, .detail = exception_text(*thrown)};
    went_on = under_way_.went_on(waited_for(*reply));
  }
  refuse_style_sheets();
  if (failure_) co_return *failure_;
  co_return any;
}

}  // namespace orchestrator
