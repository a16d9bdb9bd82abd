// The published suite of AWS (awslabs/aws-c-auth, aws-signing-test-suite/v4), where it lies beside the checkout or where
// ORCHESTRATOR_SIGV4_VECTORS says.
#include "lambda/aws/sigv4.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <sstream>

using namespace orchestrator::aws;
using namespace orchestrator::test;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

fs::path vectors_folder() {
  const char* chosen = std::getenv("ORCHESTRATOR_SIGV4_VECTORS");
  return chosen != nullptr ? fs::path(chosen) : fs::path(ORCHESTRATOR_SOURCE_DIR) / "../shared/data/aws-sigv4-vectors";
}

struct Vector {
  HttpRequest request{};
  Credentials credentials{};
  SigningScope scope{};
  std::string payload_sha256{};
  std::chrono::seconds valid_for{};
};

/// "GET /path?query HTTP/1.1", headers whose values go on in lines that begin with a blank, an empty line, the body.
HttpRequest read_request(const fs::path& file) {
  HttpRequest request;
  std::istringstream text(read_file(file));
  std::string line;
  std::getline(text, line);
  const std::size_t first = line.find(' ');
  const std::string target = line.substr(first + 1, line.rfind(' ') - first - 1);
  const std::size_t mark = std::min(target.find('?'), target.size());
  request.method = line.substr(0, first);
  request.path = target.substr(0, mark);
  request.query = target.substr(std::min(mark + 1, target.size()));
  while (std::getline(text, line) && !line.empty()) {
    if (line.front() == ' ') {
      request.headers.back().value += "\n" + line;
    } else {
      request.headers.push_back({line.substr(0, line.find(':')), line.substr(line.find(':') + 1)});
    }
  }
  std::getline(text, request.body, '\0');
  return request;
}

Vector read_vector(const fs::path& folder) {
  const json::object context = json::parse(read_file(folder / "context.json")).as_object();
  const auto text = [](const json::object& object, const char* key) {
    return object.contains(key) ? std::string(object.at(key).as_string()) : std::string();
  };
  const auto is_set = [&context](const char* key) { return context.contains(key) && context.at(key).as_bool(); };
  const json::object& keys = context.at("credentials").as_object();
  Vector vector{.request = read_request(folder / "request.txt")};
  vector.credentials = {text(keys, "access_key_id"), text(keys, "secret_access_key")};
  // "omit": the token is added after the signature was made, which then is the one without a token.
  if (!is_set("omit_session_token")) vector.credentials.session_token = text(keys, "token");
  REQUIRE(text(context, "timestamp") == "2015-08-30T12:36:00Z");
  vector.scope = {
      .region = text(context, "region"),
      .service = text(context, "service"),
      .time = std::chrono::sys_days{std::chrono::August / 30 / 2015} + std::chrono::seconds(45'360),
      .path = is_set("normalize") ? SigningScope::Path::normalized_and_encoded_again : SigningScope::Path::encoded_again,
      .payload_header = is_set("sign_body")};
  vector.payload_sha256 = sha256_of(is_set("sign_body") ? vector.request.body : "");
  vector.valid_for = std::chrono::seconds(context.at("expiration_in_seconds").as_int64());
  return vector;
}

/// The line of a signed request that begins with this.
std::string line_of(const fs::path& file, const std::string& beginning) {
  std::istringstream text(read_file(file));
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with(beginning)) return line.substr(beginning.size());
  }
  return {};
}

void check_header_signature(const fs::path& folder, const Vector& vector) {
  HttpRequest request = vector.request;
  sign_headers(request, vector.credentials, vector.scope, vector.payload_sha256);
  CHECK(find_header(request.headers, "authorization") == line_of(folder / "header-signed-request.txt", "Authorization:"));
  request.headers.pop_back();  // the signature itself
  const std::string canonical = canonical_request(request, vector.scope.path, vector.payload_sha256);
  CHECK(canonical == read_file(folder / "header-canonical-request.txt"));
  CHECK(string_to_sign(canonical, vector.scope) == read_file(folder / "header-string-to-sign.txt"));
}

void check_query_signature(const fs::path& folder, const Vector& vector) {
  HttpRequest request = vector.request;
  sign_query(request, vector.credentials, vector.scope, vector.payload_sha256, vector.valid_for);
  CHECK(contains(request.query, "X-Amz-Signature=" + read_file(folder / "query-signature.txt")));
  request.query.erase(request.query.find("&X-Amz-Signature="));
  const std::string canonical = canonical_request(request, vector.scope.path, vector.payload_sha256);
  CHECK(canonical == read_file(folder / "query-canonical-request.txt"));
  CHECK(string_to_sign(canonical, vector.scope) == read_file(folder / "query-string-to-sign.txt"));
}

}  // namespace

TEST_CASE("sigv4: every vector of AWS's suite, signed in the headers and in the query", "[aws]") {
  if (!fs::is_directory(vectors_folder())) {
    WARN("skipped: AWS's signing vectors are not in " << vectors_folder());
    return;
  }
  int vectors = 0;
  for (const auto& entry : fs::directory_iterator(vectors_folder())) {
    if (!entry.is_directory()) continue;
    INFO(entry.path());
    const Vector vector = read_vector(entry.path());
    check_header_signature(entry.path(), vector);
    check_query_signature(entry.path(), vector);
    ++vectors;
  }
  CHECK(vectors >= 38);
}
