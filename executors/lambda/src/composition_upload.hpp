#pragma once

#include "aws/s3_client.hpp"
#include "lambda/composition_manifest.hpp"

namespace orchestrator {

/// Everything below the folder of `html_file` that a page may ask its server for: no names with a leading dot, no links that
/// lead out (http/file_request.hpp). Errors: Errc::composition_not_found, naming the file that cannot be read. Cancellation:
/// terminal.
boost::asio::awaitable<Result<lambda::CompositionManifest>> read_manifest(std::filesystem::path html_file);

/// Uploads what the bucket lacks; the key of the manifest. Errors: those of S3, naming bucket and key. Cancellation: terminal.
boost::asio::awaitable<Result<std::string>> upload_composition(aws::S3Client& store, std::string prefix,
                                                               std::filesystem::path html_file);

}  // namespace orchestrator
