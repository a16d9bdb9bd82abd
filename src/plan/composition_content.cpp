#include "plan/composition_content.hpp"

#include "base/file_request.hpp"
#include "base/sha256.hpp"

#include <set>

namespace orchestrator {

namespace {

/// Empty if the file is the same in both.
std::string difference_of(const std::string& name, const CompositionContent& planned, const CompositionContent& found) {
  const auto before = planned.files.find(name), now = found.files.find(name);
  if (now == found.files.end()) return encode_path(name) + " is missing";
  if (before == planned.files.end()) return encode_path(name) + " is new";
  return before->second == now->second ? std::string() : encode_path(name) + " has changed";
}

}  // namespace

std::string v0::content_key(const CompositionContent& content) {
  if (content.files.empty()) return {};
  Sha256 sum;
  for (const auto& [name, sha256] : content.files) sum.update(sha256 + " " + encode_path(name) + "\n");
  return sum.finish();
}

std::string content_difference(const CompositionContent& planned, const CompositionContent& found) {
  if (planned.page != found.page)
    return "the page was " + encode_path(planned.page) + ", and " + encode_path(found.page) + " is another one";
  std::set<std::string> names;
  for (const auto& [name, sha256] : planned.files) names.insert(name);
  for (const auto& [name, sha256] : found.files) names.insert(name);
  std::string first;
  int others = -1;
  for (const std::string& name : names) {
    const std::string difference = difference_of(name, planned, found);
    if (difference.empty()) continue;
    if (first.empty()) first = difference;
    ++others;
  }
  if (others < 1) return first;
  return first + (others == 1 ? ", and another one differs" : ", and " + std::to_string(others) + " others differ");
}

}  // namespace orchestrator
