#include "cdp/cdp_message.hpp"

#include <simdjson.h>

namespace orchestrator {

namespace {

namespace od = simdjson::ondemand;

simdjson::error_code read_error(od::value value, CdpMessage& message) {
  od::object object;
  if (const auto failed = value.get_object().get(object)) return failed;
  std::string_view text;
  if (object["message"].get_string().get(text)) text = "error without a message";
  message.error = std::string(text);
  return simdjson::SUCCESS;
}

simdjson::error_code read_body(od::value value, CdpMessage& message) {
  od::object object;
  if (const auto failed = value.get_object().get(object)) return failed;
  std::string_view text;
  if (const auto failed = object.raw_json().get(text)) return failed;
  message.body.assign(text);
  return simdjson::SUCCESS;
}

simdjson::error_code read_text(od::value value, std::string& text) {
  std::string_view view;
  const auto failed = value.get_string().get(view);
  if (!failed) text.assign(view);
  return failed;
}

simdjson::error_code read_id(od::value value, CdpMessage& message) {
  std::int64_t id = 0;
  const auto failed = value.get_int64().get(id);
  if (!failed) message.id = id;
  return failed;
}

simdjson::error_code read_field(od::field field, CdpMessage& message) {
  std::string_view key;
  if (const auto failed = field.unescaped_key().get(key)) return failed;
  if (key == "id") return read_id(field.value(), message);
  if (key == "method") return read_text(field.value(), message.method);
  if (key == "sessionId") return read_text(field.value(), message.session_id);
  if (key == "error") return read_error(field.value(), message);
  if (key == "result" || key == "params") return read_body(field.value(), message);
  return simdjson::SUCCESS;
}

simdjson::error_code read_message(std::string& json, CdpMessage& message) {
  thread_local od::parser parser;  // keeps its buffers from message to message
  json.reserve(json.size() + simdjson::SIMDJSON_PADDING);
  od::document document;
  if (const auto failed = parser.iterate(json.data(), json.size(), json.capacity()).get(document)) return failed;
  od::object object;
  if (const auto failed = document.get_object().get(object)) return failed;
  for (auto field : object) {
    od::field value;
    if (const auto failed = std::move(field).get(value)) return failed;
    if (const auto failed = read_field(value, message)) return failed;
  }
  return simdjson::SUCCESS;
}

}  // namespace

Result<CdpMessage> parse_cdp_message(std::string& json) {
  CdpMessage message;
  if (const auto failed = read_message(json, message)) {
    return Error{.code = Errc::protocol_error, .detail = std::string("Chromium sent no CDP message: ") + error_message(failed)};
  }
  if (!message.id && message.method.empty()) {
    return Error{.code = Errc::protocol_error, .detail = "Chromium sent a CDP message with neither id nor method"};
  }
  return message;
}

}  // namespace orchestrator
