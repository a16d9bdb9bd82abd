#pragma once

#include "serve/composition_server.hpp"
#include "serve/file_response.hpp"
#include "serve/source_videos.hpp"

namespace orchestrator {

/// Answers a request of is_picture_target(): the picture, or 500 with {"error": "..."} that names source and time. Sources are
/// files that `files` finds.
boost::asio::awaitable<bool> answer_picture_request(boost::asio::ip::tcp::socket& socket, const AssetRequest& request,
                                                    const FileSource& files, SourceVideos& videos);

}  // namespace orchestrator
