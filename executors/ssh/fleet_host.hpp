#pragma once

#include "ssh/bootstrap.hpp"
#include "ssh/ssh_connection.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <string>
#include <vector>

namespace orchestrator {

/// One host of the fleet: its connections, its workers, its places.
class FleetHost {
 public:
  struct Worker {
    std::unique_ptr<protocol::WorkerProcess> client{};  ///< the ssh client; the worker is behind it
    std::size_t line{0};                                ///< number of the connection that it shares
  };

  /// The paths of control sockets begin with `sockets`, which has to be short (unix(7): 107 bytes in all).
  FleetHost(const boost::asio::any_io_executor& loop, SshHost host, const SshExecutorOptions& options,
            std::filesystem::path sockets);

  /// Connects and starts a first worker. How that went is in the report only.
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
  /// What ssh wrote about a connection to the host that is lost; empty if none is.
  std::string connection_words() const;

  /// Ends the workers, removes what was copied, disconnects.
  boost::asio::awaitable<void> end();

 private:
  /// A connection, and the workers that share it.
  struct Line {
    std::unique_ptr<SshConnection> connection{};
    int workers{0};
    bool opening{false};
  };
  boost::asio::awaitable<Result<Worker>> start_worker();
  boost::asio::awaitable<Result<Worker>> start_first_worker();
  boost::asio::awaitable<Result<void>> bring_program();
  boost::asio::awaitable<Result<std::unique_ptr<protocol::WorkerProcess>>> greet(std::vector<std::string> argv,
                                                                                 std::string command);
  /// Takes a worker's place on a line, which is open when this returns. Returns the line's number. Errors: the login failed.
  boost::asio::awaitable<Result<std::size_t>> join_line();
  std::size_t line_with_room();
  std::string worker_command() const { return bootstrap_ ? bootstrap_->worker_command() : host_.worker; }

  SshHost host_;
  const SshExecutorOptions& options_;
  std::filesystem::path sockets_;
  SshHostReport report_;
  std::vector<std::unique_ptr<Line>> lines_{};
  boost::asio::steady_timer opened_;  ///< never expires; cancelled when a line has been opened, or could not be
  std::unique_ptr<Bootstrap> bootstrap_{};
  std::vector<Worker> idle_{};
  int busy_{0};
  bool lacks_worker_{false};  ///< the host's shell did not find the worker command
};

}  // namespace orchestrator
