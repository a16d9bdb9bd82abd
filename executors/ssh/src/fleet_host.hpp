#pragma once

#include "bootstrap.hpp"
#include "ssh_connection.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <vector>

namespace orchestrator {

/// One host of the fleet: its connections, its workers, its places.
class FleetHost {
 public:
  using Worker = std::unique_ptr<protocol::WorkerProcess>;

  /// Control sockets go into `sockets`, whose path is short enough for them (unix(7): 107 bytes).
  FleetHost(const boost::asio::any_io_executor& loop, SshHost host, const SshExecutorOptions& options,
            std::filesystem::path sockets);

  /// Connects and starts a first worker; the report then says how that went. Never fails otherwise.
  boost::asio::awaitable<void> connect();
  const SshHostReport& report() const noexcept { return report_; }

  double weight() const noexcept { return host_.weight; }
  int free_places() const noexcept { return report_.slots - busy_; }
  /// How much of the host is in use, 0 ... 1.
  double load() const noexcept { return static_cast<double>(busy_) / report_.slots; }

  /// Takes a place, and a warm worker or a new one. Errors: the worker could not be started; the host then has fewer places.
  boost::asio::awaitable<Result<Worker>> take_worker();
  /// Gives the place back; a worker that can go on stays warm.
  boost::asio::awaitable<void> give_back(Worker worker);
  /// What the host's own connection said, if it is what broke.
  std::string connection_words() const;

  /// Ends the workers, removes what was copied, disconnects.
  boost::asio::awaitable<void> end();

 private:
  boost::asio::awaitable<Result<Worker>> start_worker();
  boost::asio::awaitable<Result<Worker>> start_first_worker();
  boost::asio::awaitable<Result<Worker>> greet(std::vector<std::string> argv, std::string command);
  boost::asio::awaitable<Result<SshConnection*>> connection();
  std::string worker_command() const { return bootstrap_ ? bootstrap_->worker_command() : host_.worker; }

  SshHost host_;
  const SshExecutorOptions& options_;
  std::filesystem::path sockets_;
  SshHostReport report_;
  std::vector<std::unique_ptr<SshConnection>> connections_{};
  bool connecting_{false};
  boost::asio::steady_timer connected_;  ///< never expires; cancelled when `connecting_` ends
  std::unique_ptr<Bootstrap> bootstrap_{};
  std::vector<Worker> idle_{};
  int busy_{0};
  bool lacks_worker_{false};  ///< the host's shell did not find the worker command
};

}  // namespace orchestrator
