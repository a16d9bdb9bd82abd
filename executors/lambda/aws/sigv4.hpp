#pragma once

#include "lambda/aws/http_message.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace orchestrator::aws {

/// These are secrets, which never appear in an error, a log or a job.
struct Credentials {
  std::string access_key_id{};
  std::string secret_access_key{};
  std::string session_token{};  ///< empty for long-lived keys
};

/// What a signature is valid for, and its service's rules for signing (AWS, "Signature Version 4 for API requests").
struct SigningScope {
  /// How the path as sent becomes the path as signed.
  enum class Path { normalized_and_encoded_again, encoded_again, as_sent };

  std::string region{};
  std::string service{};
  std::chrono::sys_seconds time{};
  Path path{Path::normalized_and_encoded_again};
  bool payload_header{false};  ///< x-amz-content-sha256 is sent, too: S3 demands it
};
SigningScope s3_scope(std::string region, std::chrono::sys_seconds time);
SigningScope lambda_scope(std::string region, std::chrono::sys_seconds time);

/// Stands for a body's SHA-256 where S3 may accept any body.
inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
/// 64 lower-case hexadecimal digits.
std::string sha256_of(std::string_view bytes);
/// "20150830T123600Z"
std::string amz_date(std::chrono::sys_seconds time);

/// The three steps of a signature, for those who sign and for those who verify. Every header of `request` counts as signed.
std::string canonical_request(const HttpRequest& request, SigningScope::Path path, std::string_view payload_sha256);
std::string string_to_sign(std::string_view canonical_request, const SigningScope& scope);
std::string signature_of(std::string_view string_to_sign, std::string_view secret_access_key, const SigningScope& scope);
/// "host;x-amz-date": names of the request's headers, in lower case and sorted.
std::string signed_headers(const HttpRequest& request);

/// Adds the headers x-amz-date, x-amz-security-token, x-amz-content-sha256 and authorization. What is added later is not signed.
/// The request needs its Host header.
void sign_headers(HttpRequest& request, const Credentials& credentials, const SigningScope& scope,
                  std::string_view payload_sha256);

/// Adds the signature to the query: a URL that needs no credentials until it expires.
void sign_query(HttpRequest& request, const Credentials& credentials, const SigningScope& scope, std::string_view payload_sha256,
                std::chrono::seconds valid_for);

}  // namespace orchestrator::aws
