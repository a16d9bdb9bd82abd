#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_executor.hpp>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// One machine that renders. Only `host` is required; what ssh needs to connect can come from ~/.ssh/config.
struct SshHost {
  std::string host{};                         ///< NAME or USER@NAME, as ssh(1) takes it; also its name in reports and errors
  int port{0};                                ///< 0: as ssh is configured
  int slots{0};                               ///< chunks at the same time; 0: as many as its `orchestrator doctor` says
  std::string worker{"orchestrator worker"};  ///< command line that starts a worker, for the host's login shell
  std::vector<std::string> ssh_options{};     ///< arguments for ssh, placed before the library's own: {"-F", "farm.conf"}
  double weight{1.0};                         ///< the free host with the highest weight gets the next chunk
};

struct SshExecutorOptions {
  std::vector<SshHost> hosts{};
  /// Copies the worker program to hosts that lack it and are of the same kind as this machine; removes it at the end.
  bool bootstrap{false};
  /// The program to copy. Empty: $ORCHESTRATOR_WORKER, else the `orchestrator` beside this program, the one installed with it, or
  /// the one on PATH.
  std::filesystem::path bootstrap_program{};
  std::chrono::milliseconds connect_timeout{10'000};  ///< until a host's worker has answered, each step
  /// Silence after which either side takes the other for dead and ends its work for it. At least 1 s.
  std::chrono::milliseconds heartbeat_timeout{10'000};
};

/// What came of asking one host for a worker, the last time.
struct SshHostReport {
  std::string host{};
  int slots{0};                    ///< 0 if the host takes no part
  bool bootstrapped{false};        ///< the worker program was copied to it
  std::optional<Error> refused{};  ///< why it takes no part, or has fewer slots than it should
};

/// Renders chunks on other machines over the system's ssh(1), with the user's own configuration, keys, agent, jump hosts
/// and known_hosts. The hosts need sshd, `orchestrator`, Chromium and ffmpeg, and no shared files: a local composition and
/// the finished chunks travel through the connection. Workers stay warm between chunks and end with this object.
///
/// A host that cannot be reached or cannot render is skipped as long as another one can render, and asked again when the next
/// chunk starts: after a second, then after twice the time with each refusal, up to a minute. If no other host can render, a
/// second is enough, and the chunk or the render waits for the answer. A chunk whose host dies fails with
/// Errc::executor_unavailable. Thread safety: any number of renders at a time. Owns one thread; if it cannot be started, each
/// call says so. Blocking: the destructor ends the workers, within 4 s.
class SshExecutor final : public RenderExecutor {
 public:
  explicit SshExecutor(SshExecutorOptions options);
  ~SshExecutor() override;

  /// Connects to all hosts at once, starts a worker on each, and returns what came of it. Blocking, up to `connect_timeout` a
  /// step; later calls connect to none and return what is known by then. Errors: Errc::cancelled after a stop.
  Result<std::vector<SshHostReport>> connect(const std::stop_token& stop = {});
  /// As connect(), but without blocking and without reports. Errors: why no host can render; Errc::cancelled.
  Awaitable<Result<void>> prepare() override;
  /// The slots of all hosts that can render now; 1 until that is known.
  ExecutorCapabilities capabilities() const override;
  Awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override;
  Awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context) override;

 private:
  struct Hosts;
  std::unique_ptr<Hosts> hosts_;
};

/// Reads {"hosts": [{"host": "user@node1", "port": 22, "slots": 2, "worker": "orchestrator worker",
/// "ssh_options": ["-F", "farm.conf"], "weight": 1.0}]}; only `host` is required, `slots` may be "auto".
/// Errors: Errc::invalid_options, naming the field.
Result<std::vector<SshHost>> parse_ssh_hosts(std::string_view json);
/// Checks one host's settings without connecting to it. Errors: Errc::invalid_options, naming the field.
Result<void> validate_ssh_host(const SshHost& host);

}  // namespace v0
}  // namespace orchestrator
