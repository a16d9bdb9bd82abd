#pragma once

#include "base/sha256.hpp"

#include <orchestrator/error.hpp>

#include <map>
#include <string>
#include <string_view>

namespace orchestrator::lambda {

/// The files of a composition's folder: their paths below it ("js/a.js") and what they contain. A manifest is stored under the
/// SHA-256 of its JSON, so that equal folders are stored once. A path may have any bytes; the JSON writes it as in a URL
/// ("a%20b.js"), because JSON must be UTF-8.
struct CompositionManifest {
  std::string document{};
  std::map<std::string, FileDigest> files{};
};

std::string to_json(const CompositionManifest& manifest);
/// Errors: Errc::invalid_options, naming what is wrong.
Result<CompositionManifest> parse_manifest(std::string_view json);

/// The name of the file that a page's request means ("/", "/js/a.js?x"); empty if there is none. A folder means its index.html.
std::string find_name(const CompositionManifest& manifest, std::string_view target);

/// "compositions/SHA256.json": where a manifest lies, below a prefix.
std::string manifest_name(std::string_view json);

/// "PREFIX/files/SHA256", for a manifest at "PREFIX/compositions/SHA256.json".
std::string file_key(std::string_view manifest_key, std::string_view sha256);

}  // namespace orchestrator::lambda
