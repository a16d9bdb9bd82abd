#include "support/lambda_signature.hpp"

#include "base/lower_case.hpp"
#include "lambda/aws/sigv4.hpp"

#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <regex>

namespace orchestrator::test {

namespace {

using Request = boost::beast::http::request<boost::beast::http::string_body>;

constexpr std::chrono::minutes allowed_skew{5};  // "Signature Version 4", troubleshooting: 5 minutes

struct Authorization {
  std::string access_key_id{};
  std::string date{};
  std::string region{};
  std::string service{};
  std::vector<std::string> headers{};
  std::string signature{};
};

std::optional<Authorization> parse_authorization(const std::string& text) {
  static const std::regex form(
      "AWS4-HMAC-SHA256 Credential=([^/]+)/([0-9]{8})/([^/]+)/([^/]+)/aws4_request, *SignedHeaders=([^,]+), "
      "*Signature=([0-9a-f]{64})");
  std::smatch parts;
  if (!std::regex_match(text, parts, form)) return std::nullopt;
  Authorization found{
      .access_key_id = parts[1], .date = parts[2], .region = parts[3], .service = parts[4], .signature = parts[6]};
  const std::string names = parts[5];
  boost::algorithm::split(found.headers, names, boost::algorithm::is_any_of(";"));
  return found;
}

std::optional<std::chrono::sys_seconds> parse_date(const std::string& text) {
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), "%Y%m%dT%H%M%SZ", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&parts)));
}

/// The time as in an HTTP header (RFC 9110, 5.6.7).
std::string http_date(std::chrono::sys_seconds time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

/// The parts of the request that the signature covers, as they arrived.
aws::HttpRequest signed_parts(const Request& request, const std::vector<std::string>& headers) {
  const std::string target(request.target());
  const auto question = target.find('?');
  aws::HttpRequest parts{.method = std::string(request.method_string()), .path = target.substr(0, question)};
  if (question != std::string::npos) parts.query = target.substr(question + 1);
  for (const std::string& name : headers) parts.headers.push_back({name, std::string(request[name])});
  parts.body = request.body();
  return parts;
}

bool signs_what_matters(const Request& request, const std::vector<std::string>& headers) {
  const auto is_signed = [&](std::string_view name) { return std::find(headers.begin(), headers.end(), name) != headers.end(); };
  for (const auto& field : request) {
    const std::string name = lower_case(std::string_view(field.name_string()));
    if (name.starts_with("x-amz-") && !is_signed(name)) return false;
  }
  return is_signed("host");
}

}  // namespace

LambdaReply service_error(unsigned status, const std::string& error_type, std::string_view message) {
  return {.status = status,
          .headers = {{"x-amzn-ErrorType", error_type}},
          .body = boost::json::serialize(boost::json::object{{"Type", status < 500 ? "User" : "Service"}, {"Message", message}})};
}

std::optional<LambdaReply> find_signature_error(const Request& request, const LambdaAccount& account) {
  if (!account.verify_signatures) return std::nullopt;
  const auto given = parse_authorization(std::string(request[boost::beast::http::field::authorization]));
  if (!given) return service_error(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
  if (given->access_key_id != account.access_key_id || request["x-amz-security-token"] != account.session_token) {
    return service_error(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  const auto time = parse_date(std::string(request["x-amz-date"]));
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + account.clock_offset;
  if (!time || std::chrono::abs(now - *time) > allowed_skew) {
    LambdaReply expired = service_error(403, "InvalidSignatureException", "Signature expired: the clocks differ");
    expired.headers.emplace_back("Date", http_date(now));
    return expired;
  }
  const auto scope = aws::lambda_scope(account.region, *time);
  const auto parts = signed_parts(request, given->headers);
  const std::string text = aws::string_to_sign(aws::canonical_request(parts, scope.path, aws::sha256_of(parts.body)), scope);
  const bool right_scope = given->region == account.region && given->service == "lambda";
  if (!right_scope || !signs_what_matters(request, given->headers) ||
      aws::signature_of(text, account.secret_access_key, scope) != given->signature) {
    return service_error(403, "InvalidSignatureException",
                         "The request signature we calculated does not match the signature you provided.");
  }
  return std::nullopt;
}

}  // namespace orchestrator::test
