#pragma once

#include <orchestrator/error.hpp>

#include <cstddef>
#include <filesystem>
#include <limits>
#include <set>
#include <string>

namespace orchestrator {

/// The names below `folder` of everything that a page may ask its server for (base/file_request.hpp): also through links to
/// folders, but nothing hidden, and no links that lead out or round in circles. Errors: Errc::composition_not_found, naming the
/// folder that cannot be read, or one with more than `most` files, found before the rest of it is looked at.
Result<std::set<std::string>> composition_files(const std::filesystem::path& folder,
                                                std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace orchestrator
