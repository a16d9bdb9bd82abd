#include "lambda/aws/http_message.hpp"

#include "base/lower_case.hpp"

#include <algorithm>

namespace orchestrator::aws {

std::string_view find_header(const std::vector<HttpHeader>& headers, std::string_view name) {
  const auto same = [name](const HttpHeader& header) {
    return std::equal(header.name.begin(), header.name.end(), name.begin(), name.end(),
                      [](char a, char b) { return lower_case(a) == lower_case(b); });
  };
  const auto found = std::find_if(headers.begin(), headers.end(), same);
  return found == headers.end() ? std::string_view() : std::string_view(found->value);
}

std::string_view authority_of(std::string_view origin) {
  const auto scheme_end = origin.find("://");
  return scheme_end == std::string_view::npos ? origin : origin.substr(scheme_end + 3);
}

}  // namespace orchestrator::aws
