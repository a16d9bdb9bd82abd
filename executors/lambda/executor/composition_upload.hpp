#pragma once

#include "lambda/aws/s3_client.hpp"
#include "lambda/messages/composition_manifest.hpp"

#include <orchestrator/render_executor.hpp>

namespace orchestrator {

/// The manifest of the files in the folder of `html_file` (composition_files()). Errors: Errc::composition_not_found, naming
/// the file that cannot be read. Cancellation: terminal.
boost::asio::awaitable<Result<lambda::CompositionManifest>> read_manifest(std::filesystem::path html_file);

/// Uploads what the bucket lacks and logs how large the composition is. Returns the manifest's key. Errors: those of S3, naming
/// bucket and key. Cancellation: terminal. `context` must outlive the call.
boost::asio::awaitable<Result<std::string>> upload_composition(aws::S3Client& store, std::string prefix,
                                                               std::filesystem::path html_file, ChunkContext& context);

}  // namespace orchestrator
