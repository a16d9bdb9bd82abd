// What a page loads and does not get. A missing script or style sheet does not stop a page, but hardly ever is what its
// author wants. Images and fonts are the runtime's affair, fetch is the page's.
#include "cdp/cdp_fields.hpp"
#include "page/page.hpp"
#include "page/page_error.hpp"

namespace orchestrator {

namespace {

/// Network.ResourceType; documents other than the page itself are those of its frames.
bool is_watched(std::string_view type) {
  return type == "Script" || type == "Stylesheet" || type == "Media" || type == "Document";
}

}  // namespace

void Page::watch_network() {
  const auto on = [this](const char* method, void (Page::*handle)(std::string_view)) {
    connection_.on_event(session_, method, [this, handle](std::string_view params) { (this->*handle)(params); });
  };
  on("Network.requestWillBeSent", &Page::note_request);
  on("Network.responseReceived", &Page::note_response);
  on("Network.loadingFailed", &Page::note_loading_failed);
  connection_.on_event(session_, "Network.loadingFinished", [this](std::string_view params) {
    if (!requests_.empty()) requests_.erase(cdp_text(params, "/requestId").value_or(""));
  });
}

/// Only here the URL is told. Comes again, under the same id, for each redirection.
void Page::note_request(std::string_view params) {
  const std::string type = cdp_text(params, "/type").value_or("");
  const bool is_page = type == "Document" && cdp_text(params, "/frameId") == target_;  // navigate() tells its errors
  if (!is_watched(type) || is_page) return;
  const std::string url = cut_text(cdp_text(params, "/request/url").value_or(""));
  requests_[cdp_text(params, "/requestId").value_or("")] = type + " " + url;
}

void Page::note_response(std::string_view params) {
  const std::string type = cdp_text(params, "/type").value_or("");
  const std::string frame = cdp_text(params, "/frameId").value_or("");
  const std::int64_t status = cdp_integer(params, "/response/status").value_or(0);
  const std::string url = cdp_text(params, "/response/url").value_or("");
  if (type == "Document") documents_[frame] = {status, url};
  const bool is_page = type == "Document" && frame == target_;
  if (status < 400 || type == "Other" || is_page) return;  // "Other": the browser's own, favicon.ico
  requests_.erase(cdp_text(params, "/requestId").value_or(""));
  tell(LogLevel::warning, type + " " + cut_text(url) + ": HTTP status " + std::to_string(status));
}

void Page::note_loading_failed(std::string_view params) {
  const auto request = requests_.find(cdp_text(params, "/requestId").value_or(""));
  if (request == requests_.end()) return;
  const std::string what = request->second;
  requests_.erase(request);
  if (phase_ == Phase::blank || cdp_flag(params, "/canceled").value_or(false)) return;
  const std::string blocked = cdp_text(params, "/blockedReason").value_or("");
  tell(LogLevel::warning,
       what + " failed to load: " + cdp_text(params, "/errorText").value_or("") + (blocked.empty() ? "" : ", " + blocked));
}

}  // namespace orchestrator
