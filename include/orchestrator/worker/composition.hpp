#pragma once

#include <string_view>

namespace orchestrator {
inline namespace v0 {

/// Whether ChunkJob::composition is a URL, which a worker loads itself; otherwise it is a path on this machine. The scheme may
/// have capitals (RFC 3986, 3.1).
bool is_web_url(std::string_view composition);

/// Whether `url` names a server on this machine (RFC 6761, 6.3; RFC 1122, 3.2.1.3): on another one it is another server.
bool is_loopback_url(std::string_view url);

}  // namespace v0
}  // namespace orchestrator
