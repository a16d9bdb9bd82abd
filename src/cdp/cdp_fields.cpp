#include "cdp/cdp_fields.hpp"

#include "base/text_tail.hpp"

#include <simdjson.h>
#include <boost/json/serialize.hpp>

namespace orchestrator {

namespace {

/// Calls `read` with the value at `pointer` and returns its answer; false if there is no such value.
template <class Read>
bool with_value(std::string_view json, std::string_view pointer, Read read) {
  thread_local simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(json);
  simdjson::ondemand::document document;
  if (parser.iterate(padded).get(document)) return false;
  simdjson::ondemand::value value;
  if (document.at_pointer(pointer).get(value)) return false;
  return read(value);
}

}  // namespace

std::optional<std::string> cdp_text(std::string_view json, std::string_view pointer) {
  std::string_view text;
  std::optional<std::string> result;
  with_value(json, pointer, [&](simdjson::ondemand::value value) {
    if (value.get_string().get(text)) return false;
    result.emplace(text);
    return true;
  });
  return result;
}

std::optional<std::int64_t> cdp_integer(std::string_view json, std::string_view pointer) {
  double number = 0;  // CDP's numbers are JavaScript's: 300 may come as 300.0
  const bool found = with_value(json, pointer, [&](simdjson::ondemand::value value) { return !value.get_double().get(number); });
  constexpr double exact = 9007199254740992.0;  // 2^53: above it, a double no longer stands for one integer
  if (!found || !(number >= -exact && number <= exact)) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::optional<bool> cdp_flag(std::string_view json, std::string_view pointer) {
  bool flag = false;
  if (!with_value(json, pointer, [&](simdjson::ondemand::value value) { return !value.get_bool().get(flag); }))
    return std::nullopt;
  return flag;
}

std::optional<std::string> cdp_json(std::string_view json, std::string_view pointer) {
  std::optional<std::string> result;
  with_value(json, pointer, [&](simdjson::ondemand::value value) {
    std::string_view text;
    if (simdjson::to_json_string(value).get(text)) return false;
    result.emplace(text);
    return true;
  });
  return result;
}

std::vector<std::pair<std::string, std::string>> cdp_texts(std::string_view json, std::string_view pointer) {
  std::vector<std::pair<std::string, std::string>> texts;
  with_value(json, pointer, [&](simdjson::ondemand::value value) {
    simdjson::ondemand::object object;
    if (value.get_object().get(object)) return false;
    for (auto entry : object) {
      simdjson::ondemand::field field;
      if (std::move(entry).get(field)) return false;
      std::string_view name;
      std::string_view text;
      if (field.unescaped_key().get(name) || field.value().get_string().get(text)) continue;
      texts.emplace_back(name, text);
    }
    return true;
  });
  return texts;
}

bool cdp_has(std::string_view json, std::string_view pointer) {
  return with_value(json, pointer, [](simdjson::ondemand::value) { return true; });
}

std::string cdp_quote(std::string_view text) { return boost::json::serialize(boost::json::string_view(valid_utf8(text))); }

}  // namespace orchestrator
