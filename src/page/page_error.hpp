#pragma once

#include <orchestrator/error.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace orchestrator {

/// A text that comes from a page, as it may appear in a message: at most 1000 bytes, valid UTF-8.
std::string cut_text(std::string text);

/// What a Runtime.ExceptionDetails object says, for people: "TypeError: x is undefined (http://host/main.js:12)".
std::string exception_text(std::string_view exception_details);

/// What a Runtime.consoleAPICalled event says: its arguments joined by spaces, cut.
std::string console_text(std::string_view console_call);

/// The error for a navigation that led to no page. `net_error` is from Page.navigate, such as "net::ERR_FILE_NOT_FOUND".
Error navigation_error(std::string_view url, std::string_view net_error);

/// The same for a navigation that Chromium gave up (net::ERR_ABORTED) because of the server's answer; `status` is 0 if it had
/// none.
Error no_page_error(std::string_view url, std::int64_t status, bool is_download);

/// `answer`, Chromium's to Page.navigate, with the URL in it if Chromium takes it for none.
Error refused_url_error(std::string_view url, Error answer);

/// Whether an answer with this HTTP status leaves the browser at the page that it shows (RFC 9110, 15.3.5 and 15.3.6).
bool is_without_content(std::int64_t status) noexcept;

/// `error` as it may leave this folder and src/capture. There, `timed_out` is a call to Chromium that was not answered; to a
/// user, it would be the time limit of the whole render. `during`: Stage::start, load or capture.
Error named_timeout(Error error, Stage during);

/// The same for an HTTP status of 400 and above.
Error status_error(std::string_view url, std::int64_t status);

/// A text for people about the HTTP status of a URL. For 404 of a composition's own file, it says that the file is not there.
std::string status_text(std::string_view url, std::int64_t status);

/// "30 s", "0.5 s"
std::string seconds_text(std::chrono::milliseconds time);

/// True for Chromium's answers to a call into a document that another one has just replaced.
bool is_navigation_race(std::string_view cdp_error) noexcept;
/// Waits a moment for the new document to get its script context. A cancellation is reported by the next call.
boost::asio::awaitable<void> pause_for_document();

}  // namespace orchestrator
