#pragma once

#include <orchestrator/error.hpp>

#include <simdjson.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// Reads the fields of one JSON object into variables and remembers the first thing that is wrong, so that a caller reads
/// everything and asks once. A field that is absent leaves its variable as it is, unless it is `required`.
class JsonReader {
 public:
  using Object = simdjson::dom::object;

  /// `path` names this object in errors ("plan.chunks[3]"); `error` is shared with nested readers.
  JsonReader(Object object, std::string path, std::string& error) : object_(object), path_(std::move(path)), error_(&error) {}

  JsonReader& read(std::string_view key, bool& value);
  JsonReader& read(std::string_view key, int& value);
  JsonReader& read(std::string_view key, std::int64_t& value);
  JsonReader& read(std::string_view key, double& value);
  JsonReader& read(std::string_view key, std::optional<double>& value);
  JsonReader& read(std::string_view key, std::string& value);
  JsonReader& read(std::string_view key, std::filesystem::path& value);
  JsonReader& read(std::string_view key, std::chrono::milliseconds& value);
  JsonReader& read(std::string_view key, std::chrono::microseconds& value);
  JsonReader& read(std::string_view key, std::vector<std::string>& value);
  bool has(std::string_view key) const;
  bool is_text(std::string_view key) const;
  /// Fails if there is any other key, so that a misspelt setting in a file that people write is not silently ignored.
  JsonReader& only(std::initializer_list<std::string_view> keys);
  /// Fails if the key is absent.
  JsonReader& required(std::string_view key);

  /// Calls `read_fields(JsonReader)` for a nested object, if it is there.
  template <class Function>
  JsonReader& object(std::string_view key, Function read_fields) {
    Object nested;
    if (find_object(key, nested)) read_fields(JsonReader(nested, path_of(key), *error_));
    return *this;
  }
  /// Calls `read_item(JsonReader)` for each object of an array, if it is there.
  template <class Function>
  JsonReader& array(std::string_view key, Function read_item) {
    std::size_t index = 0;
    for (const Object& item : objects(key)) {
      read_item(JsonReader(item, path_of(key) + "[" + std::to_string(index++) + "]", *error_));
    }
    return *this;
  }

  /// Reads a word of a fixed list with `parse(string_view) -> optional<T>`.
  template <class T, class Parse>
  JsonReader& word(std::string_view key, T& value, Parse parse) {
    std::string text;
    bool present = false;
    read_text(key, text, present);
    if (!present) return *this;
    if (const auto parsed = parse(text)) {
      value = *parsed;
    } else {
      fail(key, "is not a known word: '" + text + "'");
    }
    return *this;
  }

  void fail(std::string_view key, std::string_view what);

 private:
  std::string path_of(std::string_view key) const;
  bool find(std::string_view key, simdjson::dom::element& element) const;
  bool find_object(std::string_view key, Object& object);
  std::vector<Object> objects(std::string_view key);
  void read_text(std::string_view key, std::string& value, bool& present);

  Object object_;
  std::string path_;
  std::string* error_;
};

/// Parses `json` and hands its top-level object to `read_fields(JsonReader)`; the result is the first error, if any.
template <class Function>
std::optional<std::string> read_json(std::string_view json, std::string_view what, Function read_fields) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (const auto failed = parser.parse(json.data(), json.size()).get(object)) {
    return std::string(what) + " is not a JSON object: " + simdjson::error_message(failed);
  }
  std::string error;
  read_fields(JsonReader(object, std::string(what), error));
  return error.empty() ? std::nullopt : std::optional<std::string>(error);
}

}  // namespace orchestrator
