#include "http/composition_server.hpp"

#include "http/file_request.hpp"
#include "http/local_paths.hpp"
#include "http/socket_owner.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <unistd.h>

#include <fstream>
#include <list>

namespace orchestrator {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

struct CompositionServer::State {
  explicit State(asio::any_io_executor executor) : acceptor(executor) {}
  tcp::acceptor acceptor;
  std::list<tcp::socket> connections{};
  std::filesystem::path document{};  ///< the HTML file, as it is called where it lies
  FileSource source{};               ///< empty: nothing is served
  std::optional<Error> failure{};
};

namespace {

using Request = http::request<http::empty_body>;
using StatePtr = std::shared_ptr<CompositionServer::State>;

// A range answer may be shorter than the range asked for (RFC 9110, 15.3.7); media elements then ask for the rest.
constexpr std::uint64_t longest_range_bytes = std::uint64_t{8} << 20;

template <class Response>
void add_common_fields(Response& response, const Request& request) {
  response.keep_alive(request.keep_alive());
  response.set(http::field::cache_control, "no-cache");  // the folder may change between two renders of a warm worker
}

asio::awaitable<bool> send(tcp::socket& socket, const Request& request, auto& response) {
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

asio::awaitable<bool> send_status(tcp::socket& socket, const Request& request, http::status status) {
  http::response<http::string_body> response(status, request.version());
  add_common_fields(response, request);
  response.set(http::field::content_type, "text/plain");
  response.body() = std::string(http::obsolete_reason(status)) + "\n";
  co_return co_await send(socket, request, response);
}

asio::awaitable<bool> send_range(tcp::socket& socket, const Request& request, const std::filesystem::path& file, ByteRange range,
                                 std::uint64_t size) {
  range.last = std::min(range.last, range.first + longest_range_bytes - 1);
  http::response<http::string_body> response(http::status::partial_content, request.version());
  add_common_fields(response, request);
  response.set(http::field::content_type, std::string(mime_type(file)));
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

void note_unreadable(CompositionServer::State& state, const std::filesystem::path& file, const std::string& reason) {
  if (state.failure) return;
  state.failure = Error{.code = Errc::composition_not_found,
                        .detail = "cannot read " + file.string() + ": " + reason + "; make it readable for the user who renders",
                        .stage = Stage::load};
}

asio::awaitable<bool> send_file(const StatePtr& state, tcp::socket& socket, const Request& request,
                                const std::filesystem::path& file) {
  boost::system::error_code failed;
  http::file_body::value_type body;
  body.open(file.c_str(), boost::beast::file_mode::scan, failed);
  if (failed) {
    note_unreadable(*state, file, failed.message());
    co_return co_await send_status(socket, request, http::status::forbidden);
  }
  const std::uint64_t size = body.size();
  const auto range = parse_range(std::string(request[http::field::range]), size);
  if (range && request.method() == http::verb::get) {  // Range means something in GET only (RFC 9110, 14.2)
    co_return co_await send_range(socket, request, file, *range, size);
  }
  http::response<http::file_body> response(http::status::ok, request.version());
  add_common_fields(response, request);
  response.set(http::field::content_type, std::string(mime_type(file)));
  response.set(http::field::accept_ranges, "bytes");
  response.body() = std::move(body);
  co_return co_await send(socket, request, response);
}

asio::awaitable<bool> answer(const StatePtr& state, tcp::socket& socket, const Request& request) {
  const std::string host(request[http::field::host]);
  if (host.substr(0, host.find(':')) != CompositionServer::host) {
    co_return co_await send_status(socket, request, http::status::misdirected_request);
  }
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    co_return co_await send_status(socket, request, http::status::method_not_allowed);
  }
  const std::string target(request.target());
  const auto source = state->source;  // a copy: it may be replaced while a file is on its way
  SourcedFile file;
  if (source) file = co_await source(target);
  if (file.unreadable) {
    note_unreadable(*state, state->document.parent_path() / decode_path(target).value_or("/").substr(1), "its host cannot");
    co_return co_await send_status(socket, request, http::status::forbidden);
  }
  if (file.path.empty()) co_return co_await send_status(socket, request, http::status::not_found);
  co_return co_await send_file(state, socket, request, file.path);
}

bool is_own_process(const tcp::socket& socket) {
  boost::system::error_code failed;
  const auto client = socket.remote_endpoint(failed);
  const auto server = socket.local_endpoint(failed);
  return !failed && owner_of_loopback_client(client.port(), server.port()) == ::geteuid();
}

asio::awaitable<void> serve_connection(StatePtr state, std::list<tcp::socket>::iterator socket) {
  boost::beast::flat_buffer buffer;
  boost::system::error_code failed;
  bool open = is_own_process(*socket);
  while (open) {
    Request request;
    co_await http::async_read(*socket, buffer, request, asio::redirect_error(asio::use_awaitable, failed));
    open = !failed && co_await answer(state, *socket, request);
  }
  state->connections.erase(socket);
}

asio::awaitable<void> accept_connections(StatePtr state) {
  while (state->acceptor.is_open()) {
    boost::system::error_code failed;
    tcp::socket socket = co_await state->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failed));
    if (failed == asio::error::operation_aborted) co_return;
    if (failed) {  // out of descriptors, say: give the other connections time to end
      asio::steady_timer pause(state->acceptor.get_executor(), std::chrono::milliseconds(100));
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, failed));
      continue;
    }
    auto place = state->connections.insert(state->connections.end(), std::move(socket));
    asio::co_spawn(state->acceptor.get_executor(), serve_connection(state, place), asio::detached);
  }
}

}  // namespace

Result<std::unique_ptr<CompositionServer>> CompositionServer::start(asio::any_io_executor executor) {
  auto state = std::make_shared<State>(executor);
  boost::system::error_code failed;
  const tcp::endpoint loopback(asio::ip::address_v4::loopback(), 0);
  state->acceptor.open(tcp::v4(), failed);
  if (!failed) state->acceptor.bind(loopback, failed);
  if (!failed) state->acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) {
    return Error{.detail = "cannot listen on 127.0.0.1 to serve the composition: " + failed.message(), .stage = Stage::load};
  }
  asio::co_spawn(executor, accept_connections(state), asio::detached);
  return std::unique_ptr<CompositionServer>(new CompositionServer(std::move(state)));
}

CompositionServer::~CompositionServer() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  for (tcp::socket& socket : state_->connections) socket.close(ignored);
}

std::string CompositionServer::serve(const std::filesystem::path& html_file) {
  return serve(html_file, [html_file](std::string target) -> asio::awaitable<SourcedFile> {
    co_return SourcedFile{.path = find_composition_file(html_file, target).value_or("")};
  });
}

std::string CompositionServer::serve(const std::filesystem::path& html_file, FileSource source) {
  state_->failure.reset();
  state_->document = html_file;
  state_->source = std::move(source);
  return std::string("http://") + host + "/" + encode_path(html_file.filename().string());
}

std::string CompositionServer::with_local_paths(std::string_view text) const {
  if (state_->document.empty()) return std::string(text);
  return orchestrator::with_local_paths(text, std::string("http://") + host + "/", state_->document.parent_path());
}

const std::optional<Error>& CompositionServer::failure() const { return state_->failure; }

void CompositionServer::serve_nothing() {
  state_->failure.reset();
  state_->document.clear();
  state_->source = nullptr;
}

std::string CompositionServer::resolver_rule() const {
  return std::string("MAP ") + host + " 127.0.0.1:" + std::to_string(port());
}

std::uint16_t CompositionServer::port() const { return state_->acceptor.local_endpoint().port(); }

}  // namespace orchestrator
