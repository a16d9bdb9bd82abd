#include "lambda/aws/uri.hpp"

#include "base/percent_coding.hpp"

#include <algorithm>
#include <vector>

namespace orchestrator::aws {

std::string uri_encode(std::string_view text) { return percent_encode(text); }

std::string uri_encode_path(std::string_view path) { return percent_encode(path, "/"); }

std::string uri_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = percent_escape(text.substr(i));
    decoded += byte.value_or(text[i]);
    if (byte) i += 2;
  }
  return decoded;
}

std::string normalize_path(std::string_view path) {
  std::vector<std::string_view> segments;
  for (std::size_t start = 0; start < path.size();) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    const std::string_view segment = path.substr(start, end - start);
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
    start = end + 1;
  }
  std::string normal;
  for (const std::string_view segment : segments) normal += "/" + std::string(segment);
  return normal.empty() || path.ends_with('/') ? normal + "/" : normal;
}

}  // namespace orchestrator::aws
