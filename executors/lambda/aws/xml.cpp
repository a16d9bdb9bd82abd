#include "lambda/aws/xml.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orchestrator::aws {

namespace {

constexpr std::array<std::pair<std::string_view, char>, 5> entities{
    {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};

/// The content of the next element from `at` on. `at` moves behind that element, or becomes npos if there is none.
std::string_view next_element(std::string_view xml, std::string_view element, std::size_t& at) {
  const std::string open = "<" + std::string(element) + ">", close = "</" + std::string(element) + ">";
  const std::size_t start = xml.find(open, at);
  const std::size_t end = start == std::string_view::npos ? start : xml.find(close, start);
  if (end == std::string_view::npos) {
    at = end;
    return {};
  }
  at = end + close.size();
  return xml.substr(start + open.size(), end - start - open.size());
}

}  // namespace

std::string xml_text(std::string_view xml, std::string_view element) {
  std::size_t at = 0;
  const std::string_view inside = next_element(xml, element, at);
  std::string text;
  for (std::size_t i = 0; i < inside.size();) {
    const auto is_here = [&](const auto& entity) { return inside.substr(i).starts_with(entity.first); };
    const auto found = std::find_if(entities.begin(), entities.end(), is_here);
    text += found == entities.end() ? inside[i] : found->second;
    i += found == entities.end() ? 1 : found->first.size();
  }
  return text;
}

std::vector<std::string_view> xml_elements(std::string_view xml, std::string_view element) {
  std::vector<std::string_view> found;
  for (std::size_t at = 0;;) {
    const std::string_view inside = next_element(xml, element, at);
    if (at == std::string_view::npos) return found;
    found.push_back(inside);
  }
}

std::string xml_escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto is_it = [c](const auto& entity) { return entity.second == c; };
    const auto found = std::find_if(entities.begin(), entities.end(), is_it);
    escaped += found == entities.end() ? std::string(1, c) : std::string(found->first);
  }
  return escaped;
}

}  // namespace orchestrator::aws
