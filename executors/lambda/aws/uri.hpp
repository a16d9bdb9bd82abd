#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orchestrator::aws {

/// Everything but A-Z a-z 0-9 - _ . ~ as %XX (RFC 3986, 2.3), which is what Signature Version 4 signs.
std::string uri_encode(std::string_view text);
/// The same with '/' kept: for paths and S3 keys.
std::string uri_encode_path(std::string_view path);
/// Every %XX as its byte; a '%' without two digits stays.
std::string uri_decode(std::string_view text);
/// "." and ".." segments resolved and empty ones left out (RFC 3986, 5.2.4), as AWS services other than S3 see a path.
std::string normalize_path(std::string_view path);

}  // namespace orchestrator::aws
