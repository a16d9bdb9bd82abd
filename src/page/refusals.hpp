#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

// What was there, but is kept from the page by the browser: for its media type, its integrity, a content security policy (CSP),
// or the rules between origins (CORS, CORP, COEP, X-Frame-Options). Chromium tells of it in one of three ways. Pure.

struct Refusal {
  std::string text{};  ///< for people
  std::string url{};   ///< of what was refused; empty for what lies in a document itself
};

/// The refusal that a Log.entryAdded event tells of: of scripts, modules and workers for their type, of everything for its
/// integrity or by a CSP. Nothing for other entries, and for those about requests, of which block_reason() tells more.
std::optional<Refusal> refusal_in_log(std::string_view entry_added);

/// Why a request was refused, from its Network.loadingFailed event. Nothing if it failed otherwise, or by a CSP: the log has
/// that.
std::optional<std::string> block_reason(std::string_view loading_failed);

/// What is wrong with the media type of a style sheet, from its Network.responseReceived event. Chromium takes it for an empty
/// one without a word (CSSStyleSheetResource::CanUseSheet); a document in quirks mode uses it if it is of its own origin.
std::optional<std::string> style_sheet_refusal(std::string_view response_received);

/// Whether two URLs have the same scheme, host and port. Both as Chromium writes them.
bool is_same_origin(std::string_view url, std::string_view other);

}  // namespace orchestrator
