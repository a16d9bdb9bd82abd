#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator::aws {

struct HttpHeader {
  std::string name{};
  std::string value{};
};

/// A request in the parts that a signature covers. `path` and `query` are sent as they are: encode them first (uri.hpp).
struct HttpRequest {
  std::string method{"GET"};
  std::string origin{};  ///< "https://host" or "http://host:port"
  std::string path{"/"};
  std::string query{};  ///< without '?'
  std::vector<HttpHeader> headers{};
  std::string body{};
  std::filesystem::path body_file{};  ///< sent instead of `body`, if not empty
};

struct HttpResponse {
  int status{0};
  std::vector<HttpHeader> headers{};
  std::string body{};
};

/// The value of the first header with this name, in whatever case (RFC 9110, 5.1); empty if there is none.
std::string_view find_header(const std::vector<HttpHeader>& headers, std::string_view name);

/// "host" or "host:port" of an origin: what a Host header says.
std::string_view authority_of(std::string_view origin);

}  // namespace orchestrator::aws
