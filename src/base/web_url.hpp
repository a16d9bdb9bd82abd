#pragma once

#include <orchestrator/worker/composition.hpp>

#include <string>
#include <string_view>

namespace orchestrator {

/// A URL as programs take it that know schemes in small letters only, such as ffmpeg. Other names stay as they are.
std::string with_lower_scheme(std::string url);
/// Why no server can be asked for a web URL, without naming its login: "its port is not 0 ... 65535"; empty if one can.
std::string url_fault(std::string_view url);

/// Removes user and password from a URL (RFC 3986, 3.2.1). Returns them as "USER:PASSWORD", decoded; empty if there are none.
std::string take_login(std::string& url);
/// What the user gave, as it may appear in messages. In everything with "://", whatever stands before it, the login is left out;
/// one with a / ? or # of its own, too, where what it makes a URL of names no possible HOST[:PORT].
std::string without_login(std::string url);
/// The same with `***@` in its place, for texts that are kept. What has such a login cannot be asked for.
std::string with_hidden_login(std::string url);
bool has_hidden_login(std::string_view url);

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

}  // namespace orchestrator
