#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>

#include <cstddef>
#include <filesystem>
#include <limits>
#include <set>
#include <string>
#include <string_view>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// Whether ChunkJob::composition is a URL, which a worker loads itself; otherwise it is a path on this machine. The scheme may
/// have capitals (RFC 3986, 3.1).
bool is_web_url(std::string_view composition);

/// Whether `url` names a server on this machine (RFC 6761, 6.3; RFC 1122, 3.2.1.3): on another one it is another server.
bool is_loopback_url(std::string_view url);

/// What the user gave, as it may appear in messages. In everything with "://", whatever stands before it, the login is left out;
/// one with a / ? or # of its own, too, where what it makes a URL of names no possible HOST[:PORT].
std::string without_login(std::string url);

/// The folder of a local composition, of which its page may ask for files, by the path of its document: the one that it lies in.
/// Where the document is src/project.js or src/project-HASH.js, which is how Motion Canvas builds projects, it is the folder
/// around `src`.
std::filesystem::path composition_root(const std::filesystem::path& document);
/// The document's name in that folder, with `/` between its parts.
std::string composition_name(const std::filesystem::path& document);

/// The names below `folder` of everything that a page of a local composition there may ask for, which is what has to be where it
/// is rendered: also through links to folders, but nothing hidden, and no links that lead out or round in circles. Errors:
/// Errc::composition_not_found, naming the folder that cannot be read, or one with more than `most` files, found before the rest
/// of it is looked at.
Result<std::set<std::string>> composition_files(const std::filesystem::path& folder,
                                                std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace v0
}  // namespace orchestrator
