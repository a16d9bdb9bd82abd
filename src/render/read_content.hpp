#pragma once

#include <orchestrator/composition_content.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>

namespace orchestrator {

/// read_content() for a composition that resolve_composition() found. Lets the loop do other things in between. Errors:
/// composition_not_found. Cancellation: terminal; cancelled.
boost::asio::awaitable<Result<CompositionContent>> content_of(std::filesystem::path html_file);

}  // namespace orchestrator
