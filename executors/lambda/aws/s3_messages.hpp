#pragma once

#include "lambda/aws/s3_client.hpp"

namespace orchestrator::aws {

/// What S3's XML says and wants; pure.

struct S3Page {
  std::vector<S3Object> objects{};
  std::string next{};  ///< token of the next page; empty: this is the last
};
/// Answer to ListObjectsV2 with encoding-type=url.
S3Page parse_list(std::string_view xml);

std::string delete_request(const std::vector<std::string>& keys);
/// "key: AccessDenied" of the first that was not deleted; empty if all were. The answer is 200 in any case.
std::string first_delete_error(std::string_view xml);

struct S3Address {
  std::string origin{};
  std::string path{};
};
/// Where a key is; an empty key is the bucket itself.
S3Address s3_address(const S3Location& location, std::string_view key);

/// Of the whole object, in the answer to a HEAD or to a GET of a part of it.
std::int64_t object_bytes(const std::vector<HttpHeader>& headers);
/// The headers that begin with "x-amz-meta-", without that.
std::vector<HttpHeader> metadata_of(const std::vector<HttpHeader>& headers);

}  // namespace orchestrator::aws
