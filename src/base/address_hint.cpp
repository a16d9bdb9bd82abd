#include "base/address_hint.hpp"

#include "base/percent_coding.hpp"

namespace orchestrator {

namespace {

/// "localhost:8000/x", "www.example.com", "10.0.0.1:80": a URL without its scheme, as browsers take it.
bool looks_like_host(std::string_view name) {
  const std::string_view authority = name.substr(0, name.find_first_of("/?#"));
  if (authority == "localhost" || authority.starts_with("www.")) return true;
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view port = authority.substr(colon + 1);
  return !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The path in file:///x, file://localhost/x or file:/x (RFC 8089); empty for other names.
std::string path_of_file_url(std::string_view name) {
  std::string_view rest = name;
  if (!rest.starts_with("file:/")) return {};
  rest.remove_prefix(5);
  if (rest.starts_with("//localhost/")) rest.remove_prefix(11);
  while (rest.starts_with("//")) rest.remove_prefix(1);
  return percent_decode(rest).value_or(std::string(rest));
}

}  // namespace

std::string address_hint(std::string_view name) {
  if (const std::string path = path_of_file_url(name); !path.empty()) return ": write the file's path, " + path;
  if (looks_like_host(name)) return ": if it is a URL, write http://" + std::string(name);
  return {};
}

}  // namespace orchestrator
