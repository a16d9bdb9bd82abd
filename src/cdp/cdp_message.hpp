#pragma once

#include <orchestrator/error.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// One message from the browser: the reply to a call (has `id`) or an event (has `method`).
struct CdpMessage {
  std::optional<std::int64_t> id{};
  std::string method{};
  std::string session_id{};            ///< empty: the browser itself
  std::string body{"{}"};              ///< JSON object: `result` or `params`
  std::optional<std::string> error{};  ///< Chromium's message if the call failed
};

/// Reads one message. The capacity of `json` may grow; its text stays the same.
/// Errors: Errc::protocol_error; `json` may hold any bytes.
Result<CdpMessage> parse_cdp_message(std::string& json);

}  // namespace orchestrator
