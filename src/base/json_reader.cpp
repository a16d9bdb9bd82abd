#include "base/json_reader.hpp"

#include <algorithm>
#include <limits>

namespace orchestrator {

namespace {

std::string joined(std::initializer_list<std::string_view> words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

}  // namespace

void JsonReader::fail(std::string_view key, std::string_view what) {
  if (error_->empty()) *error_ = path_of(key) + " " + std::string(what);
}

std::string JsonReader::path_of(std::string_view key) const { return path_ + "." + std::string(key); }

bool JsonReader::find(std::string_view key, simdjson::dom::element& element) const {
  return object_.at_key(key).get(element) == simdjson::SUCCESS && !element.is_null();
}

bool JsonReader::has(std::string_view key) const {
  simdjson::dom::element element;
  return find(key, element);
}

bool JsonReader::is_text(std::string_view key) const {
  simdjson::dom::element element;
  return find(key, element) && element.is_string();
}

JsonReader& JsonReader::only(std::initializer_list<std::string_view> keys) {
  for (const auto& [key, value] : object_) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) fail(key, "is not a known field; there are: " + joined(keys));
  }
  return *this;
}

JsonReader& JsonReader::required(std::string_view key) {
  simdjson::dom::element element;
  if (!find(key, element)) fail(key, "is missing");
  return *this;
}

JsonReader& JsonReader::read(std::string_view key, bool& value) {
  simdjson::dom::element element;
  if (find(key, element) && element.get(value) != simdjson::SUCCESS) fail(key, "is not true or false");
  return *this;
}

JsonReader& JsonReader::read(std::string_view key, std::int64_t& value) {
  simdjson::dom::element element;
  if (find(key, element) && element.get(value) != simdjson::SUCCESS) fail(key, "is not an integer");
  return *this;
}

JsonReader& JsonReader::read(std::string_view key, int& value) {
  std::int64_t wide = value;
  read(key, wide);
  if (wide < std::numeric_limits<int>::min() || wide > std::numeric_limits<int>::max()) {
    fail(key, "is out of range");
  } else {
    value = static_cast<int>(wide);
  }
  return *this;
}

JsonReader& JsonReader::read(std::string_view key, double& value) {
  simdjson::dom::element element;
  if (find(key, element) && element.get(value) != simdjson::SUCCESS) fail(key, "is not a number");
  return *this;
}

JsonReader& JsonReader::read(std::string_view key, std::optional<double>& value) {
  simdjson::dom::element element;
  double number = 0;
  if (!find(key, element)) return *this;
  if (element.get(number) != simdjson::SUCCESS) {
    fail(key, "is not a number");
  } else {
    value = number;
  }
  return *this;
}

void JsonReader::read_text(std::string_view key, std::string& value, bool& present) {
  simdjson::dom::element element;
  std::string_view text;
  if (!find(key, element)) return;
  if (element.get(text) != simdjson::SUCCESS) {
    fail(key, "is not a string");
    return;
  }
  present = true;
  value = text;
}

JsonReader& JsonReader::read(std::string_view key, std::string& value) {
  bool present = false;
  read_text(key, value, present);
  return *this;
}

JsonReader& JsonReader::read(std::string_view key, std::filesystem::path& value) {
  std::string text;
  bool present = false;
  read_text(key, text, present);
  if (present) value = text;
  return *this;
}

JsonReader& JsonReader::read(std::string_view key, std::chrono::milliseconds& value) {
  std::int64_t count = value.count();
  read(key, count);
  value = std::chrono::milliseconds(count);
  return *this;
}

JsonReader& JsonReader::read(std::string_view key, std::chrono::microseconds& value) {
  std::int64_t count = value.count();
  read(key, count);
  value = std::chrono::microseconds(count);
  return *this;
}

JsonReader& JsonReader::read(std::string_view key, std::vector<std::string>& value) {
  simdjson::dom::element element;
  simdjson::dom::array array;
  if (!find(key, element)) return *this;
  if (element.get(array) != simdjson::SUCCESS) {
    fail(key, "is not an array");
    return *this;
  }
  value.clear();
  for (const auto item : array) {
    std::string_view text;
    if (item.get(text) != simdjson::SUCCESS) fail(key, "holds something that is not a string");
    value.emplace_back(text);
  }
  return *this;
}

bool JsonReader::find_object(std::string_view key, Object& object) {
  simdjson::dom::element element;
  if (!find(key, element)) return false;
  if (element.get(object) == simdjson::SUCCESS) return true;
  fail(key, "is not an object");
  return false;
}

std::vector<JsonReader::Object> JsonReader::objects(std::string_view key) {
  std::vector<Object> result;
  simdjson::dom::element element;
  simdjson::dom::array array;
  if (!find(key, element)) return result;
  if (element.get(array) != simdjson::SUCCESS) {
    fail(key, "is not an array");
    return result;
  }
  for (const auto item : array) {
    Object object;
    if (item.get(object) != simdjson::SUCCESS) {
      fail(key, "holds something that is not an object");
    } else {
      result.push_back(object);
    }
  }
  return result;
}

}  // namespace orchestrator
