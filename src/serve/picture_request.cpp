#include "serve/picture_request.hpp"

#include "base/parse_number.hpp"
#include "base/percent_coding.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace orchestrator {

namespace {

constexpr std::string_view path = "/proxy";
constexpr double longest_s = 1e9;  // 31 years

Error wrong(const std::string& name, const std::string& what) {
  return Error{.code = Errc::page_error, .detail = "the request's " + name + " " + what, .stage = Stage::capture};
}

/// As encodeURIComponent and URLSearchParams write it (WHATWG, URL, 5.1).
std::optional<std::string> decode_value(std::string value) {
  std::replace(value.begin(), value.end(), '+', ' ');
  return percent_decode(value);
}

using Query = std::map<std::string, std::string, std::less<>>;

Result<Query> parse_query(std::string_view text) {
  Query query;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const auto equals = pair.find('=');
    const auto name = decode_value(std::string(pair.substr(0, equals)));
    const auto value = decode_value(equals == std::string_view::npos ? "" : std::string(pair.substr(equals + 1)));
    if (!name || !value) return wrong("query", "has a % without two hexadecimal digits");
    query.emplace(*name, *value);
  }
  return query;
}

Result<bool> read_flag(const Query& query, const std::string& name) {
  const auto flag = query.find(name);
  if (flag != query.end() && (flag->second == "true" || flag->second == "false")) return flag->second == "true";
  return wrong(name, "is neither true nor false");
}

}  // namespace

bool is_picture_target(std::string_view target) { return target.substr(0, target.find_first_of("?#")) == path; }

Result<PictureRequest> parse_picture_request(std::string_view target) {
  target = target.substr(0, target.find('#'));
  target.remove_prefix(std::min(target.find('?'), target.size() - 1) + 1);
  const auto query = parse_query(target);
  if (!query) return query.error();
  const auto source = query->find("src"), time = query->find("time");
  if (source == query->end() || source->second.empty()) return wrong("src", "is missing");
  if (time == query->end()) return wrong("time", "is missing");
  const auto time_s = parse_number<double>(time->second);
  if (!time_s || !std::isfinite(*time_s) || std::abs(*time_s) > longest_s) return wrong("time", "is no number of seconds");
  const auto transparent = read_flag(*query, "transparent");
  if (!transparent) return transparent.error();
  return PictureRequest{.source = source->second, .time_s = *time_s, .transparent = *transparent};
}

}  // namespace orchestrator
