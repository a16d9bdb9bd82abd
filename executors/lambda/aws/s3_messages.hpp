#pragma once

#include "lambda/aws/s3_client.hpp"

namespace orchestrator::aws {

/// Writes and reads S3's XML, addresses and headers; pure.

struct S3Page {
  std::vector<S3Object> objects{};
  std::string next{};  ///< token of the next page; empty: this is the last
};
/// Reads the answer to ListObjectsV2 with encoding-type=url.
S3Page parse_list(std::string_view xml);

std::string delete_request(const std::vector<std::string>& keys);
/// "key: AccessDenied" for the first object that was not deleted; empty if all were. The answer's status is 200 in any case.
std::string first_delete_error(std::string_view xml);

struct S3Address {
  std::string origin{};
  std::string path{};
};
/// The URL of a key; an empty key means the bucket itself.
S3Address s3_address(const S3Location& location, std::string_view key);

/// The size of the whole object, from the answer to a HEAD or to a GET of a part.
std::int64_t object_bytes(const std::vector<HttpHeader>& headers);
/// The headers that begin with "x-amz-meta-", without that prefix and in lower case.
std::vector<HttpHeader> metadata_of(const std::vector<HttpHeader>& headers);

}  // namespace orchestrator::aws
