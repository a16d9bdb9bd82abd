#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/file_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/status.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orchestrator {

using AssetRequest = boost::beast::http::request<boost::beast::http::empty_body>;
using AnswerFields = std::vector<std::pair<std::string, std::string>>;

// Each function sends one answer to `request`. It returns false if the connection cannot be used again.
boost::asio::awaitable<bool> send_status(boost::asio::ip::tcp::socket& socket, const AssetRequest& request,
                                         boost::beast::http::status status);
/// Sends `body`, which must live until then, with these header fields.
boost::asio::awaitable<bool> send_body(boost::asio::ip::tcp::socket& socket, const AssetRequest& request,
                                       boost::beast::http::status status, const AnswerFields& fields, std::string_view body);
/// Sends the file, or the range of it that was requested. `body` is the opened file; `file` is its path, which tells the type and
/// from which a range is read.
boost::asio::awaitable<bool> send_file(boost::asio::ip::tcp::socket& socket, const AssetRequest& request,
                                       const std::filesystem::path& file, boost::beast::http::file_body::value_type body);

}  // namespace orchestrator
