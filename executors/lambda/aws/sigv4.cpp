#include "lambda/aws/sigv4.hpp"

#include "base/lower_case.hpp"
#include "base/sha256.hpp"
#include "lambda/aws/uri.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <new>

namespace orchestrator::aws {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

using Mac = std::array<unsigned char, 32>;

std::string_view text_of(const Mac& mac) { return {reinterpret_cast<const char*>(mac.data()), mac.size()}; }

Mac hmac(std::string_view key, std::string_view text) {
  Mac mac{};
  unsigned size = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  if (::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, text.size(), mac.data(), &size) == nullptr) {
    throw std::bad_alloc();
  }
  return mac;
}

/// The value without white space around it, and with one blank for each run of white space inside.
std::string with_single_blanks(std::string_view value) {
  std::string text;
  for (const char c : value) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) text += c;
    if (blank && !text.empty() && text.back() != ' ') text += ' ';
  }
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

/// Header values by lower-case name; several values of one name are joined in their order.
std::map<std::string, std::string> canonical_headers(const HttpRequest& request) {
  std::map<std::string, std::string> headers;
  for (const HttpHeader& header : request.headers) {
    const auto [at, is_new] = headers.try_emplace(lower_case(header.name));
    if (!is_new) at->second += ',';
    at->second += with_single_blanks(header.value);
  }
  return headers;
}

std::string canonical_path(std::string_view path, SigningScope::Path rule) {
  switch (rule) {
    case SigningScope::Path::as_sent: return std::string(path);
    case SigningScope::Path::encoded_again: return uri_encode_path(path);
    case SigningScope::Path::normalized_and_encoded_again: return uri_encode_path(normalize_path(path));
  }
  return std::string(path);
}

std::string encoded_once(std::string_view text) { return uri_encode(uri_decode(text)); }

/// The query's parameters, strictly encoded and sorted by name, then by value.
std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  for (std::size_t start = 0; start < query.size();) {
    const std::size_t end = std::min(query.find('&', start), query.size());
    const std::string_view parameter = query.substr(start, end - start);
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    const std::string_view value = equals == parameter.size() ? std::string_view() : parameter.substr(equals + 1);
    if (!parameter.empty()) parameters.emplace_back(encoded_once(parameter.substr(0, equals)), encoded_once(value));
    start = end + 1;
  }
  std::sort(parameters.begin(), parameters.end());
  std::string text;
  for (const auto& [name, value] : parameters) text += (text.empty() ? "" : "&") + name + "=" + value;
  return text;
}

std::string credential_scope(const SigningScope& scope) {
  return amz_date(scope.time).substr(0, 8) + "/" + scope.region + "/" + scope.service + "/aws4_request";
}

std::string sign(const HttpRequest& request, const Credentials& credentials, const SigningScope& scope,
                 std::string_view payload_sha256) {
  const std::string canonical = canonical_request(request, scope.path, payload_sha256);
  return signature_of(string_to_sign(canonical, scope), credentials.secret_access_key, scope);
}

}  // namespace

SigningScope s3_scope(std::string region, std::chrono::sys_seconds time) {
  return {
      .region = std::move(region), .service = "s3", .time = time, .path = SigningScope::Path::as_sent, .payload_header = true};
}

SigningScope lambda_scope(std::string region, std::chrono::sys_seconds time) {
  return {.region = std::move(region), .service = "lambda", .time = time};
}

std::string sha256_of(std::string_view bytes) {
  Sha256 sum;
  sum.update(bytes);
  return sum.finish();
}

std::string amz_date(std::chrono::sys_seconds time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  std::array<char, sizeof "20150830T123600Z"> text{};
  std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return text.data();
}

std::string signed_headers(const HttpRequest& request) {
  std::string names;
  for (const auto& [name, value] : canonical_headers(request)) names += (names.empty() ? "" : ";") + name;
  return names;
}

std::string canonical_request(const HttpRequest& request, SigningScope::Path path, std::string_view payload_sha256) {
  std::string text = request.method + "\n" + canonical_path(request.path, path) + "\n" + canonical_query(request.query) + "\n";
  for (const auto& [name, value] : canonical_headers(request)) text += name + ":" + value + "\n";
  return text + "\n" + signed_headers(request) + "\n" + std::string(payload_sha256);
}

std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope) {
  return std::string(algorithm) + "\n" + amz_date(scope.time) + "\n" + credential_scope(scope) + "\n" +
         sha256_of(canonical_request);
}

std::string signature_of(std::string_view string_to_sign, std::string_view secret_access_key, const SigningScope& scope) {
  const Mac date = hmac("AWS4" + std::string(secret_access_key), amz_date(scope.time).substr(0, 8));
  const Mac region = hmac(text_of(date), scope.region);
  const Mac service = hmac(text_of(region), scope.service);
  const Mac key = hmac(text_of(service), "aws4_request");
  return hexadecimal(text_of(hmac(text_of(key), string_to_sign)));
}

void sign_headers(HttpRequest& request, const Credentials& credentials, const SigningScope& scope,
                  std::string_view payload_sha256) {
  request.headers.push_back({"x-amz-date", amz_date(scope.time)});
  if (!credentials.session_token.empty()) request.headers.push_back({"x-amz-security-token", credentials.session_token});
  if (scope.payload_header) request.headers.push_back({"x-amz-content-sha256", std::string(payload_sha256)});
  const std::string signature = sign(request, credentials, scope, payload_sha256);
  request.headers.push_back({"authorization", std::string(algorithm) + " Credential=" + credentials.access_key_id + "/" +
                                                  credential_scope(scope) + ", SignedHeaders=" + signed_headers(request) +
                                                  ", Signature=" + signature});
}

void sign_query(HttpRequest& request, const Credentials& credentials, const SigningScope& scope, std::string_view payload_sha256,
                std::chrono::seconds valid_for) {
  const auto add = [&request](std::string_view name, std::string_view value) {
    request.query += (request.query.empty() ? "" : "&") + std::string(name) + "=" + uri_encode(value);
  };
  add("X-Amz-Algorithm", algorithm);
  add("X-Amz-Credential", credentials.access_key_id + "/" + credential_scope(scope));
  add("X-Amz-Date", amz_date(scope.time));
  add("X-Amz-SignedHeaders", signed_headers(request));
  add("X-Amz-Expires", std::to_string(valid_for.count()));
  if (!credentials.session_token.empty()) add("X-Amz-Security-Token", credentials.session_token);
  add("X-Amz-Signature", sign(request, credentials, scope, payload_sha256));
}

}  // namespace orchestrator::aws
