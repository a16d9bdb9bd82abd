#include "lambda/messages/composition_manifest.hpp"

#include "base/file_request.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace orchestrator::lambda {

namespace json = boost::json;

namespace {

Error wrong_manifest(const std::string& what) {
  return Error{.code = Errc::invalid_options, .detail = "the composition's manifest " + what, .stage = Stage::load};
}

std::optional<std::string> read_name(std::string_view encoded) {
  if (encoded.find_first_of("?#") != std::string_view::npos) return std::nullopt;  // '?' and '#' begin a query or fragment
  return decode_path(encoded);
}

std::optional<FileDigest> read_digest(const json::value& value) {
  const json::object* fields = value.if_object();
  if (fields == nullptr) return std::nullopt;
  const json::value* sha256 = fields->if_contains("sha256");
  const json::value* bytes = fields->if_contains("bytes");
  if (sha256 == nullptr || !sha256->is_string() || bytes == nullptr || !bytes->is_int64()) return std::nullopt;
  FileDigest digest{.bytes = bytes->as_int64(), .sha256 = std::string(sha256->as_string())};
  if (digest.bytes < 0 || !is_sha256(digest.sha256)) return std::nullopt;
  return digest;
}

}  // namespace

std::string to_json(const CompositionManifest& manifest) {
  json::object files;
  for (const auto& [name, digest] : manifest.files) {
    files[encode_path(name)] = {{"sha256", digest.sha256}, {"bytes", digest.bytes}};
  }
  return json::serialize(json::object{{"document", encode_path(manifest.document)}, {"files", std::move(files)}});
}

Result<CompositionManifest> parse_manifest(std::string_view text) {
  boost::system::error_code failed;
  const json::value parsed = json::parse(text, failed);
  const json::object* fields = failed ? nullptr : parsed.if_object();
  if (fields == nullptr) return wrong_manifest("is not a JSON object");
  const json::value* document = fields->if_contains("document");
  const json::value* files = fields->if_contains("files");
  if (document == nullptr || !document->is_string()) return wrong_manifest("names no document");
  if (files == nullptr || !files->is_object()) return wrong_manifest("has no files");
  CompositionManifest manifest;
  for (const auto& [encoded, value] : files->as_object()) {
    auto name = read_name(encoded);
    if (!name) return wrong_manifest("has a name that is not percent-encoded as in a URL's path: " + std::string(encoded));
    auto digest = read_digest(value);
    if (!digest) return wrong_manifest("has no valid sha256 and bytes for " + std::string(encoded));
    manifest.files.emplace(std::move(*name), std::move(*digest));
  }
  manifest.document = read_name(document->as_string()).value_or("");
  if (manifest.files.contains(manifest.document)) return manifest;
  return wrong_manifest("lacks its document, " + std::string(document->as_string()));
}

std::string find_name(const CompositionManifest& manifest, std::string_view target) {
  const auto path = decode_path(target);
  if (!path || path->empty() || path->front() != '/') return {};
  std::string name = path->substr(1);
  if (name.empty() || name.back() == '/') name += "index.html";
  if (manifest.files.contains(name)) return name;
  name += "/index.html";
  return manifest.files.contains(name) ? name : std::string();
}

std::string manifest_name(std::string_view json) {
  Sha256 sum;
  sum.update(json);
  return "compositions/" + sum.finish() + ".json";
}

std::string file_key(std::string_view manifest_key, std::string_view sha256) {
  const auto folder = manifest_key.rfind("compositions/");
  return std::string(manifest_key.substr(0, folder == std::string_view::npos ? 0 : folder)) + "files/" + std::string(sha256);
}

}  // namespace orchestrator::lambda
