#pragma once

#include "protocol/file_transfer.hpp"
#include "serve/composition_server.hpp"

#include <orchestrator/worker/messages.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <optional>

namespace orchestrator {

/// The worker's side of `file_request`: files of a composition that lies on the host, fetched when a page asks for them and
/// kept under the digest of their content. Within one render a file is asked for once; for the next render the host says whether
/// it changed.
class FetchedFiles {
 public:
  using Send = std::function<void(const protocol::Message&)>;

  /// Copies go into `folder`, which stays the caller's.
  FetchedFiles(boost::asio::any_io_executor executor, std::filesystem::path folder, Send send)
      : executor_(std::move(executor)), folder_(std::move(folder)), send_(std::move(send)) {}

  /// From now on, files are those of this render.
  void enter_render(const std::string& render);
  /// Fetches a file if needed and returns the local copy; meant as a FileSource. Cancellation: terminal, ends the wait.
  boost::asio::awaitable<SourcedFile> find(std::string target);

  /// Takes what the host sends. Errors: protocol_error and those of FileReceiver; the conversation cannot go on then.
  Result<void> on(const protocol::FileAnswer& answer);
  Result<void> on(const protocol::Data& data);

 private:
  struct File {
    explicit File(boost::asio::any_io_executor executor) : arrived(executor, boost::asio::steady_timer::time_point::max()) {}
    std::string render{};  ///< the last one for which the host was asked
    std::string sha256{};  ///< of the copy
    SourcedFile copy{};
    bool pending{false};
    boost::asio::steady_timer arrived;  ///< never expires; cancelled when the file is no longer pending
  };
  Result<void> receive(const protocol::FileAnswer& answer);
  void settle();

  boost::asio::any_io_executor executor_;
  std::filesystem::path folder_;
  Send send_;
  std::string render_{};
  std::map<std::string, File> files_{};  ///< by target
  std::deque<std::string> asked_{};      ///< targets in the order of the requests; answers come in the same order
  int next_id_{0};
  int first_id_{0};  ///< id of the first request in asked_
  std::optional<protocol::FileReceiver> receiver_{};
};

}  // namespace orchestrator
