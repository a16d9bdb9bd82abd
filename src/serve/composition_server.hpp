#pragma once

#include <orchestrator/error.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// The local file that a request's target names. An empty `path` means that there is none.
struct SourcedFile {
  std::filesystem::path path{};
  bool unreadable{false};  ///< the file exists, but cannot be read
};
/// Where a composition's files come from.
using FileSource = std::function<boost::asio::awaitable<SourcedFile>(std::string target)>;

/// Serves the folder of a local composition to the browser of this worker, and to nobody else: on 127.0.0.1, only to
/// processes of this user, only under its own host name (against DNS rebinding). Pages get an http origin, so modules, fetch and
/// fonts work without weakening the browser; the origin is the same in every worker and every run. Pictures of the composition's
/// videos are to be had from http://localhost:PORT/proxy (serve/picture_request.hpp).
class CompositionServer {
 public:
  static constexpr const char* host = "composition.localhost";  // RFC 6761: always loopback; a secure context in browsers

  static Result<std::unique_ptr<CompositionServer>> start(boost::asio::any_io_executor executor);
  ~CompositionServer();
  CompositionServer(const CompositionServer&) = delete;
  CompositionServer& operator=(const CompositionServer&) = delete;

  /// Serves the folder of `html_file` from now on. Returns the URL of the file.
  std::string serve(const std::filesystem::path& html_file);
  /// The same for a file on another machine: `source` fetches each file that the page requests.
  std::string serve(const std::filesystem::path& html_file, FileSource source);
  /// Serves nothing from now on: the next page, which may come from the web, must not see the previous composition.
  void serve_nothing();
  /// `text` with the URLs of this server replaced by the paths of the files that they stand for.
  std::string with_local_paths(std::string_view text) const;
  /// The error for the first file that was requested since serve() and exists but cannot be read. The reference is valid until
  /// the next serve() or serve_nothing().
  const std::optional<Error>& failure() const;
  /// The error of a page as its author should see it: the failure(), if there is one, and with the composition's files instead of
  /// the server between them and the browser.
  Error explain(Error error) const;
  /// The rule for Chromium's --host-resolver-rules that maps the host name to this server's port.
  std::string resolver_rule() const;
  std::uint16_t port() const;

  struct State;

 private:
  explicit CompositionServer(std::shared_ptr<State> state) : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

/// True if `url` names a local composition's own file. The file may come from another machine over a slow line, but the server
/// above always answers.
bool is_composition_file(std::string_view url);

}  // namespace orchestrator
