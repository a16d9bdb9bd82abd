#include "base/web_url.hpp"

#include "base/percent_coding.hpp"

#include <algorithm>

namespace orchestrator {

std::string take_login(std::string& url) {
  if (!is_web_url(url)) return {};
  const auto start = url.find("://") + 3;
  const auto end = std::min(url.find_first_of("/\\?#", start), url.size());
  const auto at = url.rfind('@', end);
  if (at == std::string::npos || at < start || at >= end) return {};
  const std::string login = url.substr(start, at - start);
  url.erase(start, at + 1 - start);
  const auto colon = login.find(':');
  const std::string user = login.substr(0, colon);
  const std::string password = colon == std::string::npos ? "" : login.substr(colon + 1);
  return percent_decode(user).value_or(user) + ":" + percent_decode(password).value_or(password);
}

std::string without_login(std::string url) {
  take_login(url);
  return url;
}

std::string with_hidden_login(std::string url) {
  if (take_login(url).empty()) return url;
  return url.insert(url.find("://") + 3, "***@");
}

bool has_hidden_login(std::string url) { return take_login(url) == "***:"; }

}  // namespace orchestrator
