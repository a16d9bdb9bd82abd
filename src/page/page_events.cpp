// Handles what a page does unasked: exceptions, dialogs, windows, crashes.
#include "cdp/cdp_fields.hpp"
#include "page/page.hpp"
#include "page/page_error.hpp"

namespace orchestrator {

namespace {

constexpr int most_lines = 200;  // logged for one load, which is one chunk

}  // namespace

Page::~Page() {
  for (const char* method :
       {"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Page.javascriptDialogOpening", "Page.frameNavigated",
        "Network.requestWillBeSent", "Network.responseReceived", "Network.loadingFinished", "Network.loadingFailed",
        "Page.frameAttached", "Page.frameScheduledNavigation", "Page.frameStartedNavigating", "Page.frameStartedLoading",
        "Page.frameStoppedLoading", "Page.frameDetached", "Runtime.bindingCalled", "Inspector.targetCrashed", "Log.entryAdded",
        "Audits.issueAdded", "Fetch.requestPaused"}) {
    connection_.on_event(session_, method, [](std::string_view) {});
  }
  for (const std::string& session : worker_sessions_) forget_worker(session);
  forget_worker(session_);
  for (const char* method : {"Target.targetCreated", "Target.targetDestroyed", "Target.targetCrashed"}) {
    connection_.on_event("", method, [](std::string_view) {});
  }
}

void Page::on(const char* method, void (Page::*handle)(std::string_view)) {
  connection_.on_event(session_, method, [this, handle](std::string_view params) { (this->*handle)(params); });
}

void Page::watch() {
  on("Runtime.exceptionThrown", &Page::note_exception);
  on("Runtime.consoleAPICalled", &Page::note_console);
  on("Page.javascriptDialogOpening", &Page::answer_dialog);
  on("Page.frameNavigated", &Page::note_navigation);
  on("Fetch.requestPaused", &Page::authorize);
  connection_.on_event(session_, "Inspector.targetCrashed", [this](std::string_view) { note_crash(); });
  watch_network();
  watch_frames();
  watch_targets_of(session_);
  watch_browser();
}

void Page::watch_browser() {
  connection_.on_event("", "Target.targetCreated", [this](std::string_view params) {
    const std::string id = cdp_text(params, "/targetInfo/targetId").value_or("");
    if (cdp_text(params, "/targetInfo/type") != "page" || id == target_) return;
    // A second window would cover the first one's picture.
    connection_.send("Target.closeTarget", R"({"targetId":)" + cdp_quote(id) + "}", "", Deadline::clock::now() + chore_limit);
  });
  connection_.on_event("", "Target.targetCrashed", [this](std::string_view params) {
    if (cdp_text(params, "/targetId") == target_) note_crash();
  });
  connection_.on_event("", "Target.targetDestroyed", [this](std::string_view params) {
    if (cdp_text(params, "/targetId") != target_) return;
    usable_ = false;
    fail(Error{.code = Errc::page_error, .detail = "the page closed its own window"});
  });
}

void Page::fail(Error error) {
  if (failure_ || phase_ == Phase::blank) return;
  error.stage = phase_ == Phase::showing ? Stage::capture : Stage::load;
  error.frame = frame_;
  failure_ = std::move(error);
  connection_.fail_calls(session_, *failure_);
  changed_.cancel();
  if (failure_handler_) failure_handler_();
}

void Page::note_crash() {
  usable_ = false;
  fail(Error{.code = Errc::page_crashed, .detail = "the page's renderer process died; it may have run out of memory"});
}

void Page::note_exception(std::string_view params) {
  std::string details = cdp_json(params, "/exceptionDetails").value_or("{}");
  fail(Error{.code = Errc::page_error, .detail = "uncaught exception in the page: " + exception_text(details)});
}

void Page::note_console(std::string_view params) {
  const auto type = cdp_text(params, "/type");
  if (!type || lines_told_ > most_lines) return;
  const bool is_of_runtime = !runtime_key_.empty() && cdp_text(params, "/args/0/value") == runtime_key_;
  if (is_of_runtime) return tell(LogLevel::warning, "page: " + cut_text(cdp_text(params, "/args/1/value").value_or("")));
  LogLevel level = LogLevel::info;
  if (type == "error" || type == "warning") level = LogLevel::warning;
  if (type == "debug") level = LogLevel::debug;
  tell(level, "page: console." + std::string(type == "warning" ? "warn" : cut_text(*type)) + ": " + console_text(params));
}

/// Logs what the page causes, up to a limit, because a page may cause any number of lines.
void Page::tell(LogLevel level, const std::string& text) {
  if (!options_.log || lines_told_ > most_lines) return;
  const bool one_too_many = ++lines_told_ > most_lines;
  const std::string limit = "page: more than " + std::to_string(most_lines) + " console lines and failed requests";
  options_.log(one_too_many ? LogLevel::warning : level, one_too_many ? limit + "; the rest of this chunk's are dropped" : text);
}

void Page::note_navigation(std::string_view params) {
  under_way_.document_comes(cdp_text(params, "/frame/id").value_or(""), cdp_text(params, "/frame/loaderId").value_or(""));
  changed_.cancel();
  if (cdp_has(params, "/frame/parentId")) return;
  navigations_ += 1;
  if (phase_ != Phase::showing) return;
  if (options_.begin_frames) usable_ = false;  // headless shell (Chromium 156) does not draw the next page
  const std::string url = cut_text(cdp_text(params, "/frame/url").value_or(""));
  fail(Error{.code = Errc::page_error, .detail = "the page navigated to " + url + " while its frames were captured"});
}

void Page::answer_dialog(std::string_view params) {
  // Leaving a page must not hang on its beforeunload; everything else gets "no".
  const bool leaving = cdp_text(params, "/type") == "beforeunload";
  forget("Page.handleJavaScriptDialog", leaving ? R"({"accept":true})" : R"({"accept":false})");
}

void Page::forget(std::string method, std::string params) {
  connection_.send(method, params, session_, Deadline::clock::now() + chore_limit);
}

}  // namespace orchestrator
