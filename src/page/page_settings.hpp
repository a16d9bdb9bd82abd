#pragma once

#include "cdp/cdp_connection.hpp"

#include <orchestrator/render_options.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>

namespace orchestrator {

/// Gives every later document of the page's session, its frames and workers the time zone and the language of `settings`.
/// To be called while the page is blank. Errors: Errc::invalid_options, naming the field, if Chromium does not know one of them
/// or spells the language otherwise.
boost::asio::awaitable<Result<void>> apply_page_settings(CdpConnection& connection, std::string session, PageSettings settings,
                                                         std::chrono::steady_clock::time_point deadline);

/// Has pages, workers and servers told of the same browser, whether or not it has a window: Chromium without one calls itself
/// HeadlessChrome, by which pages and servers may choose what they give.
boost::asio::awaitable<Result<void>> present_as_chromium(CdpConnection& connection, std::string session,
                                                         std::chrono::steady_clock::time_point deadline);

}  // namespace orchestrator
