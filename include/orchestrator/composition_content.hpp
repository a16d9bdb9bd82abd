#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>

#include <map>
#include <stop_token>
#include <string>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// What is in the folder of a local composition: every file that a page may ask for, so nothing hidden. Of a web page nothing is
/// known.
struct CompositionContent {
  std::map<std::string, std::string> files{};  ///< paths below the folder ("js/a.js"), and the SHA-256 of what is in them
  std::string page{};                          ///< which of them is the composition
  friend bool operator==(const CompositionContent&, const CompositionContent&) = default;
};

/// 64 hexadecimal digits, the same for the same files, whichever is the page; empty if nothing is known. Pure.
std::string content_key(const CompositionContent& content);

/// Reads all files of a composition's folder, and blocks meanwhile, about as long as `openssl dgst -sha256`. A web page has no
/// content. Errors: composition_not_found, also for a folder of more than 20,000 files, which is hardly a composition's own;
/// cancelled by `stop`.
[[nodiscard]] Result<CompositionContent> read_content(const std::string& composition, std::stop_token stop = {});

}  // namespace v0
}  // namespace orchestrator
