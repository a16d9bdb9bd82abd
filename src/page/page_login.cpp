// Logs a page in where its URL says how. Chromium would send a URL's user and password only when asked (401), and a browser with
// a window is kept from asking, because it would cover the page with a dialog (profile_settings.cpp).
#include "base/base64.hpp"
#include "base/lower_case.hpp"
#include "cdp/cdp_fields.hpp"
#include "page/page.hpp"

#include <algorithm>

namespace orchestrator {

namespace asio = boost::asio;

asio::awaitable<Result<void>> Page::log_in(std::string url, std::string login, Deadline deadline) {
  authorization_.clear();
  if (login.empty()) co_return Result<void>{};
  // Chromium itself knows how it writes the origin: without default ports, and with hosts in Punycode.
  const std::string question = R"({"expression":)" + cdp_quote("new URL(" + cdp_quote(url) + ").origin") + "}";
  auto answer = co_await call("Runtime.evaluate", question, deadline);
  if (!answer) co_return answer.error();
  const std::string origin = cdp_text(*answer, "/result/value").value_or(url);
  // RFC 7617, 2
  authorization_ = "Basic " + encode_base64(login);
  std::string patterns = R"({"patterns":[{"urlPattern":)" + cdp_quote(origin + "/*") + "}]}";
  auto enabled = co_await call("Fetch.enable", std::move(patterns), deadline);
  if (!enabled) co_return enabled.error();
  co_return Result<void>{};
}

/// Lets a request of Fetch.requestPaused go on. A header that the page itself has set is left as it is.
void Page::authorize(std::string_view params) {
  const auto headers = cdp_texts(params, "/request/headers");
  const bool is_set =
      std::any_of(headers.begin(), headers.end(), [](const auto& header) { return lower_case(header.first) == "authorization"; });
  std::string request = R"({"requestId":)" + cdp_quote(cdp_text(params, "/requestId").value_or(""));
  if (!is_set && !authorization_.empty()) {
    request += R"(,"headers":[{"name":"Authorization","value":)" + cdp_quote(authorization_) + "}";
    for (const auto& [name, value] : headers) {
      request += R"(,{"name":)" + cdp_quote(name) + R"(,"value":)" + cdp_quote(value) + "}";
    }
    request += "]";
  }
  forget("Fetch.continueRequest", request + "}");
}

}  // namespace orchestrator
