#include "serve/picture_route.hpp"

#include "base/text.hpp"
#include "serve/picture_request.hpp"

#include <boost/beast/http/verb.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace orchestrator {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

const std::string& composition_origin() {
  static const std::string origin = std::string("http://") + CompositionServer::host;
  return origin;
}

// Only the composition may read the pictures, and no other page that happens to find the port.
AnswerFields answer_fields(std::string type) {
  return {
      {"Access-Control-Allow-Origin", composition_origin()}, {"Cache-Control", "no-store"}, {"Content-Type", std::move(type)}};
}

Error unusable_source(std::string reason) {
  return Error{.code = Errc::page_error, .detail = std::move(reason), .stage = Stage::capture};
}

asio::awaitable<Result<PictureFile>> find_picture(PictureRequest wanted, FileSource files, SourceVideos& videos) {
  if (!is_composition_file(wanted.source)) {
    co_return unusable_source("only files of the composition can be decoded: put the video into its folder");
  }
  SourcedFile file;
  if (files) file = co_await files(wanted.source.substr(composition_origin().size()));
  if (file.unreadable) co_return unusable_source("the file cannot be read");
  if (file.path.empty()) co_return unusable_source("the composition has no such file");
  WantedPicture picture{.file = std::move(file.path), .time_s = wanted.time_s, .transparent = wanted.transparent};
  co_return co_await videos.find(std::move(picture));
}

asio::awaitable<bool> send_error(tcp::socket& socket, const AssetRequest& request, const std::string& text) {
  const boost::json::object body{{"error", text}};
  const std::string json = boost::json::serialize(body);
  const AnswerFields fields = answer_fields("application/json");
  co_return co_await send_body(socket, request, http::status::internal_server_error, fields, json);
}

/// What a browser asks before it lets a page reach this machine (WICG, Private Network Access, 3.2).
asio::awaitable<bool> send_permission(tcp::socket& socket, const AssetRequest& request) {
  AnswerFields fields = answer_fields("text/plain");
  fields.emplace_back("Access-Control-Allow-Methods", "GET");
  fields.emplace_back("Access-Control-Allow-Private-Network", "true");
  co_return co_await send_body(socket, request, http::status::ok, fields, "");
}

}  // namespace

asio::awaitable<bool> answer_picture_request(tcp::socket& socket, const AssetRequest& request, const FileSource& files,
                                             SourceVideos& videos) {
  if (request.method() == http::verb::options) co_return co_await send_permission(socket, request);
  if (request.method() != http::verb::get) co_return co_await send_status(socket, request, http::status::method_not_allowed);
  auto wanted = parse_picture_request(std::string_view(request.target().data(), request.target().size()));
  if (!wanted) co_return co_await send_error(socket, request, wanted.error().detail);
  const std::string what = wanted->source + " at " + decimal(wanted->time_s) + " s: ";
  const bool transparent = wanted->transparent;
  const auto picture = co_await find_picture(std::move(*wanted), files, videos);
  if (!picture) co_return co_await send_error(socket, request, what + picture.error().detail);
  const AnswerFields fields = answer_fields(transparent ? "image/png" : "image/bmp");
  co_return co_await send_body(socket, request, http::status::ok, fields, **picture);
}

}  // namespace orchestrator
