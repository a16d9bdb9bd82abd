#include "page/page_error.hpp"

#include "base/machine_fault.hpp"
#include "base/text_tail.hpp"
#include "base/web_url.hpp"
#include "cdp/cdp_fields.hpp"
#include "serve/composition_server.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <array>

namespace orchestrator {

namespace {

constexpr std::size_t longest_text = 1000;

/// V8 describes an Error as its text with the stack below. Removes the stack, and a leading "Error: ", which tells nothing.
std::string without_stack(std::string text) {
  if (const auto stack = text.find("\n    at "); stack != std::string::npos) text.resize(stack);
  if (text.starts_with("Error: ")) text.erase(0, 7);
  return text;
}

/// "url:line" of where the exception was thrown, or empty.
std::string source_of(std::string_view details) {
  auto url = cdp_text(details, "/url");
  auto line = cdp_integer(details, "/lineNumber");
  if (!url || url->empty()) {
    url = cdp_text(details, "/stackTrace/callFrames/0/url");
    line = cdp_integer(details, "/stackTrace/callFrames/0/lineNumber");
  }
  if (!url || url->empty()) return {};
  return cut_text(*url) + ":" + std::to_string(line.value_or(0) + 1);  // CDP counts lines from 0
}

std::string value_text(std::string_view json, const std::string& at) {
  if (auto text = cdp_text(json, at + "/description")) return *text;
  if (auto text = cdp_text(json, at + "/value")) return *text;
  if (auto plain = cdp_json(json, at + "/value")) return *plain;  // a number, true, false, null
  return cdp_text(json, at + "/type").value_or("");
}

/// "{code: 5, why: late}" for an object that is no Error; empty for everything else, and without a preview of its members.
std::string members_text(std::string_view details) {
  if (cdp_has(details, "/exception/subtype")) return {};
  std::string text;
  for (int i = 0;; ++i) {
    const std::string at = "/exception/preview/properties/" + std::to_string(i);
    const auto name = cdp_text(details, at + "/name");
    if (!name) return text.empty() ? text : "{" + text + "}";
    text += (text.empty() ? "" : ", ") + *name + ": " + cdp_text(details, at + "/value").value_or("");
  }
}

std::string thrown_text(std::string_view details) {
  if (!cdp_has(details, "/exception")) return cdp_text(details, "/text").value_or("exception without a text");
  std::string members = members_text(details);
  return members.empty() ? without_stack(value_text(details, "/exception")) : members;
}

}  // namespace

std::string cut_text(std::string text) {
  if (text.size() > longest_text) text.replace(longest_text, std::string::npos, "...");
  return valid_utf8(text);
}

std::string exception_text(std::string_view details) {
  const std::string text = thrown_text(details);
  const std::string source = source_of(details);
  return source.empty() ? cut_text(text) : cut_text(text) + " (" + source + ")";
}

std::string console_text(std::string_view console_call) {
  std::string text;
  constexpr int most_arguments = 10;
  for (int i = 0; i < most_arguments; ++i) {
    const std::string at = "/args/" + std::to_string(i);
    if (!cdp_has(console_call, at)) break;
    text += (i == 0 ? "" : " ") + value_text(console_call, at);
  }
  return cut_text(text);
}

Error navigation_error(std::string_view url, std::string_view net_error) {
  Error error{.code = Errc::composition_unreachable, .stage = Stage::load};
  if (net_error == "net::ERR_FILE_NOT_FOUND") error.code = Errc::composition_not_found;
  if (const auto fault = is_loopback_url(url) ? loopback_fault() : std::nullopt) {
    error.detail = cut_text(std::string(url)) + " does not reach the browser: " + fault->text();
    return error;
  }
  const bool certificate = net_error.starts_with("net::ERR_CERT") || net_error.starts_with("net::ERR_SSL");
  error.detail = cut_text(std::string(url)) + ": " + std::string(net_error) +
                 (certificate ? "; the server's certificate must be one this machine trusts" : "");
  return error;
}

Error refused_url_error(std::string_view url, Error answer) {
  if (answer.detail.find("Cannot navigate to invalid URL") == std::string::npos) return answer;  // page_handler.cc
  return Error{.code = Errc::invalid_options,
               .detail = "composition: '" + cut_text(without_login(std::string(url))) + "' is no valid URL, says Chromium",
               .stage = Stage::load};
}

Error named_timeout(Error error, Stage during) {
  if (error.code != Errc::timed_out) return error;
  error.stage = during;
  error.code = Errc::frame_timeout;
  if (during == Stage::load) error.code = Errc::load_timeout;
  if (during == Stage::start) error.code = Errc::browser_unavailable;
  error.detail = "Chromium does not answer (" + error.detail + "); this machine may be overloaded";
  return error;
}

bool is_without_content(std::int64_t status) noexcept {
  constexpr std::int64_t no_content = 204;
  constexpr std::int64_t reset_content = 205;
  return status == no_content || status == reset_content;
}

Error no_page_error(std::string_view url, std::int64_t status, bool is_download) {
  std::string what =
      " leads to no page: its server sends the browser to something other than http and https, or says that it has one";
  if (is_without_content(status)) what = " has no page: HTTP status " + std::to_string(status) + ", an answer without content";
  if (is_download) what = " is a download, not a page: its server sends it as one (Content-Disposition, or its type)";
  return Error{.code = Errc::composition_not_found,
               .detail = cut_text(std::string(url)) + what + "; give the URL of a page",
               .stage = Stage::load};
}

Error status_error(std::string_view url, std::int64_t status) {
  constexpr std::int64_t first_server_error = 500;
  constexpr std::int64_t unauthorized = 401;
  constexpr const char* ask_for_login =
      "; give a user and password that the server takes (Basic authentication), as in http://USER:PASSWORD@HOST/";
  return Error{.code = status < first_server_error ? Errc::composition_not_found : Errc::composition_unreachable,
               .detail = status_text(cut_text(std::string(url)), status) + (status == unauthorized ? ask_for_login : ""),
               .stage = Stage::load};
}

std::string status_text(std::string_view url, std::int64_t status) {
  constexpr std::int64_t not_found = 404;
  if (status == not_found && is_composition_file(url))
    return std::string(url) + " is not there: the composition's folder has no such file";
  return std::string(url) + ": HTTP status " + std::to_string(status);
}

std::string seconds_text(std::chrono::milliseconds time) {
  const std::string tenths = std::to_string(time.count() % 1000 / 100);
  return std::to_string(time.count() / 1000) + (tenths == "0" ? "" : "." + tenths) + " s";
}

bool is_navigation_race(std::string_view cdp_error) noexcept {
  // These messages are in inspector/v8-runtime-agent-impl.cc and content/browser/devtools.
  constexpr std::array<std::string_view, 4> answers{"navigated or closed", "context was destroyed", "Cannot find context",
                                                    "Cannot find default execution context"};
  for (const auto answer : answers) {
    if (cdp_error.find(answer) != std::string_view::npos) return true;
  }
  return false;
}

boost::asio::awaitable<void> pause_for_document() {
  constexpr std::chrono::milliseconds moment{10};
  static_cast<void>(co_await pause(moment));
}

}  // namespace orchestrator
