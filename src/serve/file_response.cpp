#include "serve/file_response.hpp"

#include "base/file_request.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include <fstream>

namespace orchestrator {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

// A range answer may be shorter than the range asked for (RFC 9110, 15.3.7); media elements then ask for the rest.
constexpr std::uint64_t longest_range_bytes = std::uint64_t{8} << 20;

template <class Response>
void add_common_fields(Response& response, const AssetRequest& request) {
  response.keep_alive(request.keep_alive());
  response.set(http::field::cache_control, "no-cache");  // the folder may change between two renders of a warm worker
}

/// Without a type, a browser looks into the file, as at a page whose name has no ending (WHATWG, MIME Sniffing).
void add_type(auto& response, const std::filesystem::path& file) {
  const std::string_view type = mime_type(file);
  if (type != unknown_type) response.set(http::field::content_type, std::string(type));
}

asio::awaitable<bool> send(tcp::socket& socket, const AssetRequest& request, auto& response) {
  response.prepare_payload();
  boost::system::error_code failed;
  http::response_serializer<typename std::decay_t<decltype(response)>::body_type> serializer(response);
  if (request.method() == http::verb::head) {
    co_await http::async_write_header(socket, serializer, asio::redirect_error(asio::use_awaitable, failed));
  } else {
    co_await http::async_write(socket, serializer, asio::redirect_error(asio::use_awaitable, failed));
  }
  co_return !failed && response.keep_alive();
}

}  // namespace

asio::awaitable<bool> send_body(tcp::socket& socket, const AssetRequest& request, http::status status, const AnswerFields& fields,
                                std::string_view body) {
  http::response<http::span_body<const char>> response(status, request.version());
  add_common_fields(response, request);
  for (const auto& [name, value] : fields) response.set(name, value);
  response.body() = {body.data(), body.size()};
  co_return co_await send(socket, request, response);
}

asio::awaitable<bool> send_status(tcp::socket& socket, const AssetRequest& request, http::status status) {
  const AnswerFields fields{{"Content-Type", "text/plain"}};
  const std::string body = std::string(http::obsolete_reason(status)) + "\n";
  co_return co_await send_body(socket, request, status, fields, body);
}

namespace {

asio::awaitable<bool> send_range(tcp::socket& socket, const AssetRequest& request, const std::filesystem::path& file,
                                 ByteRange range, std::uint64_t size) {
  range.last = std::min(range.last, range.first + longest_range_bytes - 1);
  http::response<http::string_body> response(http::status::partial_content, request.version());
  add_common_fields(response, request);
  add_type(response, file);
  response.set(http::field::content_range,
               "bytes " + std::to_string(range.first) + "-" + std::to_string(range.last) + "/" + std::to_string(size));
  std::ifstream stream(file, std::ios::binary);
  response.body().resize(range.last - range.first + 1);
  stream.seekg(static_cast<std::streamoff>(range.first));
  if (!stream.read(response.body().data(), static_cast<std::streamsize>(response.body().size()))) {
    co_return co_await send_status(socket, request, http::status::internal_server_error);
  }
  co_return co_await send(socket, request, response);
}

}  // namespace

asio::awaitable<bool> send_file(tcp::socket& socket, const AssetRequest& request, const std::filesystem::path& file,
                                http::file_body::value_type body) {
  const std::uint64_t size = body.size();
  const auto range = parse_range(std::string(request[http::field::range]), size);
  if (range && request.method() == http::verb::get) {  // Range means something in GET only (RFC 9110, 14.2)
    co_return co_await send_range(socket, request, file, *range, size);
  }
  http::response<http::file_body> response(http::status::ok, request.version());
  add_common_fields(response, request);
  add_type(response, file);
  response.set(http::field::accept_ranges, "bytes");
  response.body() = std::move(body);
  co_return co_await send(socket, request, response);
}

}  // namespace orchestrator
