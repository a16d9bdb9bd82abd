#pragma once

#include "ssh/ask_again.hpp"
#include "ssh/bootstrap.hpp"
#include "ssh/shared_attempt.hpp"
#include "ssh/ssh_connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {

/// One host of the fleet: its connections, its workers, its places.
class FleetHost {
  struct Line;
  /// Gives a place back.
  struct Leave {
    void operator()(Line* line) const noexcept;
    void operator()(FleetHost* host) const noexcept;
  };
  using LinePlace = std::unique_ptr<Line, Leave>;
  using HostPlace = std::unique_ptr<FleetHost, Leave>;

 public:
  struct Worker {
    HostPlace busy{};  ///< while it is taken
    LinePlace line{};  ///< the line that it shares
    /// The connection of that line that it was started over.
    std::shared_ptr<const SshConnection> connection{};
    std::unique_ptr<WorkerProcess> client{};  ///< the ssh client; the worker is behind it
  };

  /// The paths of control sockets begin with `sockets`, which has to be short (unix(7): 107 bytes in all).
  FleetHost(const boost::asio::any_io_executor& loop, SshHost host, const SshExecutorOptions& options,
            std::filesystem::path sockets);

  /// Whether the host is to be asked now: it never was, or it has refused and its time has come again (AskAgain). If so, the
  /// caller has to call ask().
  bool claim_ask(bool urgent);
  /// Connects and starts a worker. How that went is in the report only.
  boost::asio::awaitable<void> ask();
  bool is_being_asked() const noexcept { return asking_; }
  const SshHostReport& report() const noexcept { return report_; }
  /// What a user should hear of: a refusal, or that the host takes part again. Each is said once.
  struct News {
    LogLevel level{LogLevel::info};
    std::string text{};
  };
  std::optional<News> take_news();

  double weight() const noexcept { return host_.weight; }
  int free_places() const noexcept { return report_.slots - busy_; }
  /// How much of the host is in use, 0 ... 1.
  double load() const noexcept { return static_cast<double>(busy_) / report_.slots; }

  /// Takes a place, and a warm worker or a new one. Errors: the worker could not be started; the host then has fewer places.
  boost::asio::awaitable<Result<Worker>> take_worker();
  /// Gives the place back; a worker that can go on stays warm.
  boost::asio::awaitable<void> give_back(Worker worker);

  /// Ends the workers, removes what was copied, disconnects.
  boost::asio::awaitable<void> end();

 private:
  /// A connection, and the workers that share it.
  struct Line {
    explicit Line(const boost::asio::any_io_executor& loop) : opening(loop) {}
    bool is_open() const noexcept { return connection && connection->alive(); }
    /// What was opened last, and replaced when that is lost. Those who use it keep it meanwhile.
    std::shared_ptr<const SshConnection> connection{};
    int workers{0};
    SharedAttempt opening;
  };
  void refuse(Error reason, AskAgain::Clock::time_point asked);
  void accept(Worker worker);
  boost::asio::awaitable<Result<Worker>> start_worker();
  boost::asio::awaitable<Result<Worker>> start_installed_or_copied();
  /// Returns when the copy of the worker program is there.
  boost::asio::awaitable<Result<void>> bring_program();
  boost::asio::awaitable<Result<void>> copy_program();
  boost::asio::awaitable<Result<std::unique_ptr<WorkerProcess>>> greet(std::vector<std::string> argv, std::string command);
  /// Takes a worker's place on a line, which has been opened when this returns. Errors: the login failed.
  boost::asio::awaitable<Result<LinePlace>> join_line();
  boost::asio::awaitable<Result<void>> open_line(std::size_t number);
  std::size_t line_with_room();
  std::string worker_command() const { return bootstrap_ ? bootstrap_->worker_command() : host_.worker; }

  boost::asio::any_io_executor loop_;
  SshHost host_;
  const SshExecutorOptions& options_;
  std::filesystem::path sockets_;
  SshHostReport report_;
  std::vector<std::unique_ptr<Line>> lines_{};
  std::unique_ptr<Bootstrap> bootstrap_{};
  SharedAttempt copying_;
  bool needs_copy_{false};    ///< workers start from a copy of the program, from now on
  bool lacks_worker_{false};  ///< the host's shell did not find the worker command
  std::vector<Worker> idle_{};
  int busy_{0};
  AskAgain ask_again_{};
  bool asked_{false};   ///< ask() has ended once
  bool asking_{false};  ///< ask() is under way, or about to be
  bool told_{false};    ///< the last of take_news() was a refusal
};

}  // namespace orchestrator
