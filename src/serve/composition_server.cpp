#include "serve/composition_server.hpp"

#include "base/file_request.hpp"
#include "serve/file_response.hpp"
#include "serve/local_paths.hpp"
#include "serve/picture_request.hpp"
#include "serve/picture_route.hpp"
#include "serve/socket_owner.hpp"

#include <orchestrator/worker/composition.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <unistd.h>

#include <list>

namespace orchestrator {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;

namespace {

/// The composition that is served, from one serve() to the next. A request keeps the one that it was made for: its answer may
/// fail after the next serve(), and such a failure must not count against the next composition.
struct Served {
  explicit Served(const asio::any_io_executor& executor) : videos(executor) {}
  std::filesystem::path document{};  ///< the HTML file, by its path on the machine where it lies
  FileSource source{};               ///< empty: nothing is served
  SourceVideos videos;
  std::optional<Error> failure{};
};

}  // namespace

struct CompositionServer::State {
  explicit State(asio::any_io_executor executor) : acceptor(executor), served(std::make_shared<Served>(executor)) {}
  tcp::acceptor acceptor;
  std::list<tcp::socket> connections{};
  std::shared_ptr<Served> served;

  /// Ends what is served. What is under way for it ends, too.
  Served& serve_another() {
    served->videos.stop();
    served = std::make_shared<Served>(acceptor.get_executor());
    return *served;
  }
};

namespace {

using StatePtr = std::shared_ptr<CompositionServer::State>;

void note_unreadable(Served& served, const std::filesystem::path& file, const std::string& reason) {
  if (served.failure) return;
  served.failure = Error{.code = Errc::composition_not_found,
                         .detail = "cannot read " + file.string() + ": " + reason + "; make it readable for the user who renders",
                         .stage = Stage::load};
}

/// A page asks for pictures of videos under this machine's name, and for nothing else: see serve/picture_request.hpp.
bool asks_for_picture(const std::string& host, const tcp::socket& socket, const AssetRequest& request) {
  boost::system::error_code failed;
  const auto server = socket.local_endpoint(failed);
  const std::string_view target(request.target().data(), request.target().size());
  return !failed && host == "localhost:" + std::to_string(server.port()) && is_picture_target(target);
}

asio::awaitable<bool> answer(const StatePtr& state, tcp::socket& socket, const AssetRequest& request) {
  const std::string host(request[http::field::host]);
  if (asks_for_picture(host, socket, request)) {
    const auto served = state->served;
    co_return co_await answer_picture_request(socket, request, served->source, served->videos);
  }
  if (host.substr(0, host.find(':')) != CompositionServer::host) {
    co_return co_await send_status(socket, request, http::status::misdirected_request);
  }
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    co_return co_await send_status(socket, request, http::status::method_not_allowed);
  }
  const std::string target(request.target());
  const auto served = state->served;
  SourcedFile file;
  if (served->source) file = co_await served->source(target);
  if (file.unreadable) {
    note_unreadable(*served, composition_root(served->document) / decode_path(target).value_or("/").substr(1), "its host cannot");
    co_return co_await send_status(socket, request, http::status::forbidden);
  }
  if (file.path.empty()) co_return co_await send_status(socket, request, http::status::not_found);
  boost::system::error_code failed;
  http::file_body::value_type body;
  body.open(file.path.c_str(), boost::beast::file_mode::scan, failed);
  if (!failed) co_return co_await send_file(socket, request, file.path, std::move(body));
  note_unreadable(*served, file.path, failed.message());
  co_return co_await send_status(socket, request, http::status::forbidden);
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
    AssetRequest request;
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
    if (failed) {  // no file descriptors left, for example: give other connections time to end
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
  state_->served->videos.stop();
}

std::string CompositionServer::serve(const std::filesystem::path& html_file) {
  return serve(html_file, [html_file](std::string target) -> asio::awaitable<SourcedFile> {
    co_return SourcedFile{.path = find_composition_file(html_file, target).value_or("")};
  });
}

std::string CompositionServer::serve(const std::filesystem::path& html_file, FileSource source) {
  Served& served = state_->serve_another();
  served.document = html_file;
  served.source = std::move(source);
  return std::string("http://") + host + "/" + encode_path(composition_name(html_file));
}

std::string CompositionServer::with_local_paths(std::string_view text) const {
  const auto& document = state_->served->document;
  if (document.empty()) return std::string(text);
  return orchestrator::with_local_paths(text, std::string("http://") + host + "/", composition_root(document));
}

const std::optional<Error>& CompositionServer::failure() const { return state_->served->failure; }

Error CompositionServer::explain(Error error) const {
  // A file that the server did not get is the cause; the error is what came of it, or of something else.
  if (failure() && error.code != Errc::cancelled && error.detail != failure()->detail) {
    error.code = failure()->code;
    error.stage = failure()->stage;
    error.detail = failure()->detail + "; then: " + error.detail;
  }
  error.detail = with_local_paths(error.detail);
  return error;
}

void CompositionServer::serve_nothing() { state_->serve_another(); }

std::string CompositionServer::resolver_rule() const {
  return std::string("MAP ") + host + " 127.0.0.1:" + std::to_string(port());
}

bool is_composition_file(std::string_view url) {
  static const std::string origin = std::string("http://") + CompositionServer::host + "/";
  return url.starts_with(origin);
}

std::uint16_t CompositionServer::port() const { return state_->acceptor.local_endpoint().port(); }

}  // namespace orchestrator
