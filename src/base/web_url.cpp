#include "base/web_url.hpp"

#include "base/lower_case.hpp"
#include "base/parse_number.hpp"
#include "base/percent_coding.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace orchestrator {

namespace {

/// Where the part after "://" begins; npos in texts that look like no URL.
std::size_t start_of_authority(std::string_view text) {
  const auto colon = text.find("://");
  return colon == std::string_view::npos ? colon : colon + 3;
}

std::size_t end_of_authority(std::string_view text, std::size_t start) {
  return std::min(text.find_first_of("/\\?#", start), text.size());
}

/// Where HOST begins in the authority from `start` to `end`: behind user and password, if there are any.
std::size_t start_of_host(std::string_view text, std::size_t start, std::size_t end) {
  const auto at = text.substr(0, end).rfind('@');
  return at == std::string_view::npos || at < start ? start : at + 1;
}

/// What is wrong with HOST[:PORT]; empty if nothing is.
std::string fault_of_host(std::string_view host) {
  host = trimmed(host);                 // browsers drop blanks at a URL's end
  const auto bracket = host.find(']');  // ends an IPv6 address, which has colons itself
  const auto colon = host.find(':', host.starts_with('[') && bracket != std::string_view::npos ? bracket : 0);
  if (colon != std::string_view::npos) {
    constexpr int highest_port = 65'535;
    const std::string_view digits = host.substr(colon + 1);
    const auto port = parse_number<int>(digits);
    if (!digits.empty() && (!port || *port < 0 || *port > highest_port)) return "its port is not 0 ... 65535";
  }
  if (host.substr(0, colon).empty()) return "it names no host";
  if (host.find_first_of(" <>^|") != std::string_view::npos) return "its host has a letter that no host may have";
  return {};
}

/// Where the login in what looks like a URL ends, which starts at `start`; `start` if there is none.
std::size_t end_of_login(std::string_view text, std::size_t start) {
  const auto end = end_of_authority(text, start);
  const auto host = start_of_host(text, start, end);
  const auto last = text.rfind('@');
  const bool needs_no_host = text.starts_with("file:///");  // RFC 8089
  const bool hides_more = last != std::string_view::npos && last >= host && !needs_no_host;
  return hides_more && !fault_of_host(text.substr(host, end - host)).empty() ? last + 1 : host;
}

}  // namespace

bool v0::is_web_url(std::string_view name) {
  const auto start = start_of_authority(name);
  if (start == std::string_view::npos) return false;
  const std::string scheme = lower_case(name.substr(0, start));
  return scheme == "http://" || scheme == "https://";
}

std::string with_lower_scheme(std::string url) {
  const auto start = is_web_url(url) ? start_of_authority(url) : 0;
  return lower_case(url.substr(0, start)) + url.substr(start);
}

std::string url_fault(std::string_view url) {
  const auto start = start_of_authority(url);
  const auto end = end_of_authority(url, start);
  const auto host = start_of_host(url, start, end);
  std::string fault = fault_of_host(url.substr(host, end - host));
  if (fault.empty() || end_of_login(url, start) <= end) return fault;
  return fault + "; in a user name and password, write / as %2F, # as %23 and ? as %3F";
}

std::string take_login(std::string& url) {
  if (!is_web_url(url)) return {};
  const auto start = start_of_authority(url);
  const auto end = end_of_authority(url, start);
  const auto host = start_of_host(url, start, end);
  if (host == start) return {};
  const std::string login = url.substr(start, host - 1 - start);
  url.erase(start, host - start);
  const auto colon = login.find(':');
  const std::string user = login.substr(0, colon);
  const std::string password = colon == std::string::npos ? "" : login.substr(colon + 1);
  return percent_decode(user).value_or(user) + ":" + percent_decode(password).value_or(password);
}

std::string v0::without_login(std::string url) {
  const auto start = start_of_authority(url);
  return start == std::string::npos ? url : url.erase(start, end_of_login(url, start) - start);
}

std::string with_hidden_login(std::string url) {
  const auto start = start_of_authority(url);
  const auto end = start == std::string::npos ? start : end_of_login(url, start);
  return start == end ? url : url.replace(start, end - start, "***@");
}

bool v0::is_loopback_url(std::string_view url) {
  if (!is_web_url(url)) return false;
  const auto start = start_of_authority(url);
  const std::string authority = lower_case(url.substr(start, end_of_authority(url, start) - start));
  std::string_view host = std::string_view(authority).substr(authority.rfind('@') + 1);
  if (host.starts_with("[::1]") || host.starts_with("127.")) return true;
  host = host.substr(0, host.find(':'));
  return host == "localhost" || host.ends_with(".localhost");
}

bool has_hidden_login(std::string_view url) {
  const auto start = start_of_authority(url);
  return start != std::string_view::npos && url.substr(start).starts_with("***@");
}

}  // namespace orchestrator
