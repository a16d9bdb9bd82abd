#pragma once

#include <string>
#include <string_view>

namespace orchestrator {

/// Whether the name of a composition or a sound is a URL; otherwise it is a path.
inline bool is_web_url(std::string_view name) { return name.starts_with("http://") || name.starts_with("https://"); }

/// Removes user and password from a URL (RFC 3986, 3.2.1). Returns them as "USER:PASSWORD", decoded; empty if there are none.
std::string take_login(std::string& url);
/// The URL as it may appear in messages.
std::string without_login(std::string url);
/// The URL with `***` in place of user and password, for texts that are kept. What has such a login cannot be asked for.
std::string with_hidden_login(std::string url);
bool has_hidden_login(std::string url);

/// Whether `url` is an origin, http(s)://HOST[:PORT], without a path, user name or password. Slashes at its end are no path.
inline bool is_origin(std::string_view url) {
  if (!is_web_url(url)) return false;
  std::string_view rest = url.substr(url.find("://") + 3);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  constexpr char delete_character = 0x7f;
  for (const char c : rest) {
    const bool blank_or_control = static_cast<unsigned char>(c) <= ' ' || c == delete_character;
    if (blank_or_control || std::string_view("/?#@\\").find(c) != std::string_view::npos) return false;
  }
  return !rest.empty() && rest.front() != ':';
}

/// Whether `url` names a server on this machine (RFC 6761, 6.3; RFC 1122, 3.2.1.3).
inline bool is_loopback_url(std::string_view url) {
  if (!is_web_url(url)) return false;
  std::string_view host = url.substr(url.find("://") + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  host.remove_prefix(host.find('@') + 1);
  if (host.starts_with("[::1]") || host.starts_with("127.")) return true;
  host = host.substr(0, host.find(':'));
  return host == "localhost" || host.ends_with(".localhost");
}

}  // namespace orchestrator
