#pragma once

#include "support/temp_dir.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace orchestrator::test {

/// A name in a client's configuration, and where it leads.
struct SshAlias {
  std::string name{};
  std::string address{};
  unsigned short port{22};
};

/// Whether an sshd notices that a client is lost. Its own default is to wait for such a client for ever.
enum class LostClients { noticed, ignored };

/// What an sshd listens on, and the environment its sessions get (sshd_config's SetEnv).
struct SshListener {
  std::string name{};
  std::string address{};
  unsigned short port{22};
  LostClients lost_clients{LostClients::noticed};
  std::vector<std::pair<std::string, std::string>> environment{};
};

/// Keys and configuration of sshds and of the client that talks to them, in a folder of their own.
class SshFiles {
 public:
  SshFiles();
  /// What an sshd reads and writes: NAME.config, NAME.log, NAME.pid.
  std::filesystem::path server() const { return folder_ / "server"; }
  /// The file for `ssh -F`.
  std::filesystem::path client_config() const { return folder_ / "client/config"; }

  /// `seen_as`: what server() is called where the sshd runs.
  void write_server(const SshListener& listener, const std::filesystem::path& seen_as) const;
  void write_client(const std::vector<SshAlias>& aliases) const;

  /// Makes the client expect another key than the hosts have.
  void expect_another_host_key() const;
  /// Makes the hosts accept no key of the user.
  void refuse_user_key() const;

 private:
  TempDir folder_{};
};

}  // namespace orchestrator::test
