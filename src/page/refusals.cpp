#include "page/refusals.hpp"

#include "base/lower_case.hpp"
#include "base/text.hpp"
#include "cdp/cdp_fields.hpp"
#include "page/page_error.hpp"

#include <algorithm>
#include <array>

namespace orchestrator {

namespace {

constexpr std::string_view module_refused = "Failed to load module script";

/// True for the texts of Blink's that tell of a refusal (content_security_policy.cc, subresource_integrity.cc,
/// resource_loader.cc, module_script_fetcher.cc). A sandboxed frame that runs no scripts is refused nothing: its author wants it
/// so.
bool is_refusal(std::string_view text) {
  constexpr std::array<std::string_view, 3> phrases{"has been blocked", "Refused to ", module_refused};
  return std::any_of(phrases.begin(), phrases.end(), [&](auto phrase) { return text.find(phrase) != std::string_view::npos; });
}

/// The first URL that the text has in single quotes: Blink's way to name what it refuses.
std::string quoted_url(std::string_view text) {
  const auto quote = text.find("'http");
  if (quote == std::string_view::npos) return {};
  text.remove_prefix(quote + 1);
  return std::string(text.substr(0, text.find('\'')));
}

std::string_view origin_of(std::string_view url) {
  const auto host = url.find("://");
  return host == std::string_view::npos ? url : url.substr(0, url.find('/', host + 3));
}

}  // namespace

std::optional<Refusal> refusal_in_log(std::string_view entry_added) {
  const std::string text(trimmed(cdp_text(entry_added, "/entry/text").value_or("")));
  const bool is_told_by_request =
      cdp_text(entry_added, "/entry/source") == "network" || cdp_text(entry_added, "/entry/category") == "cors";
  if (cdp_text(entry_added, "/entry/level") != "error" || is_told_by_request || !is_refusal(text)) return std::nullopt;
  const std::string place = cdp_text(entry_added, "/entry/url").value_or("");
  Refusal refusal{.text = cut_text(text), .url = quoted_url(text)};
  if (text.starts_with(module_refused)) refusal.url = place;
  if (place.starts_with("http") && text.find(place) == std::string::npos) refusal.text += " (" + cut_text(place) + ")";
  return refusal;
}

std::optional<std::string> block_reason(std::string_view loading_failed) {
  if (const auto cors = cdp_text(loading_failed, "/corsErrorStatus/corsError")) {
    return "its server does not let pages of this origin have it (CORS, " + *cors + "): send Access-Control-Allow-Origin with it";
  }
  const auto blocked = cdp_text(loading_failed, "/blockedReason");
  if (!blocked || *blocked == "csp") return std::nullopt;
  const std::string error = cdp_text(loading_failed, "/errorText").value_or("");
  return "the browser refuses it (" + (error.empty() ? "" : error + ", ") + *blocked + ")";
}

std::optional<std::string> style_sheet_refusal(std::string_view response_received) {
  std::string type;
  for (const auto& [name, value] : cdp_texts(response_received, "/response/headers")) {
    if (lower_case(name) == "content-type") type = lower_case(value.substr(0, value.find_first_of(";, \n")));
  }
  if (type.empty() || type == "text/css" || type == "application/x-unknown-content-type") return std::nullopt;
  return "the browser does not use it, because its type is " + cut_text(type) + ", not text/css";
}

bool is_same_origin(std::string_view url, std::string_view other) { return origin_of(url) == origin_of(other); }

}  // namespace orchestrator
