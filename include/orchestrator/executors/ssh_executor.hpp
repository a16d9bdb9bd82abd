#pragma once

#include <orchestrator/render_executor.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace orchestrator {

/// One machine that renders. Everything but its name has a default that ~/.ssh/config decides.
struct SshHost {
  std::string host{};                         ///< NAME or USER@NAME, as ssh(1) takes it; also its name in reports and errors
  int port{0};                                ///< 0: as ssh is configured
  int slots{0};                               ///< chunks at the same time; 0: as many as its `orchestrator doctor` says
  std::string worker{"orchestrator worker"};  ///< command line for the host's login shell
  std::vector<std::string> ssh_options{};     ///< arguments for ssh, before our own defaults: {"-F", "farm.conf"}
  double weight{1.0};                         ///< among free hosts the heaviest is given the next chunk
};

struct SshExecutorOptions {
  std::vector<SshHost> hosts{};
  /// Copies the worker program to hosts of this machine's kind that lack it, and removes it at the end.
  bool bootstrap{false};
  /// The program to copy; empty: $ORCHESTRATOR_WORKER, or the `orchestrator` beside this program, installed, or on PATH.
  std::filesystem::path bootstrap_program{};
  std::chrono::milliseconds connect_timeout{10'000};  ///< until a host's worker has answered, each step
  /// Silence after which either side takes the other for dead, and ends what it does for it.
  std::chrono::milliseconds heartbeat_timeout{10'000};
};

/// How a host was found when connecting to it.
struct SshHostReport {
  std::string host{};
  int slots{0};                    ///< 0 if it was refused
  bool bootstrapped{false};        ///< the worker program was copied to it
  std::optional<Error> refused{};  ///< why it takes no part
};

/// Renders chunks on other machines behind the system's ssh(1), with the user's own configuration, keys, agent, jump hosts
/// and known_hosts. The hosts need sshd, `orchestrator`, Chromium and ffmpeg, and no shared files: a local composition and
/// the finished chunks travel through the connection. Workers stay warm between chunks and end with this object.
///
/// A host that cannot be reached or cannot render is passed over as long as another can. Errors of a running chunk whose
/// host dies: Errc::executor_unavailable. Thread safety: any number of renders at a time. Owns one thread. Blocking: the
/// destructor ends the workers, within 4 s.
class SshExecutor final : public RenderExecutor {
 public:
  explicit SshExecutor(SshExecutorOptions options);
  ~SshExecutor() override;

  /// Connects to every host, all at once, and starts a worker on each; how each was found. Blocking, `connect_timeout` a step;
  /// once done, later calls give the same reports. Errors: Errc::cancelled after a stop.
  Result<std::vector<SshHostReport>> connect(const std::stop_token& stop = {});
  /// The same without blocking, and without the reports.
  boost::asio::awaitable<Result<void>> prepare() override;
  /// Of the hosts that were found; 1 slot before that is known.
  ExecutorCapabilities capabilities() const override;
  boost::asio::awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override;

 private:
  struct Fleet;
  std::unique_ptr<Fleet> fleet_;
};

/// Reads {"hosts": [{"host": "user@node1", "port": 22, "slots": 2, "worker": "orchestrator worker",
/// "ssh_options": ["-F", "farm.conf"], "weight": 1.0}]}; only `host` is required, `slots` may be "auto".
/// Errors: Errc::invalid_options, naming the field.
Result<std::vector<SshHost>> parse_ssh_hosts(std::string_view json);
/// Whether one host makes sense, as far as can be told without asking it. Errors: as above.
Result<void> validate_ssh_host(const SshHost& host);

}  // namespace orchestrator
