#include "support/ssh_files.hpp"

#include "support/files.hpp"
#include "support/run_tool.hpp"

namespace orchestrator::test {

namespace fs = std::filesystem;

namespace {

void make_key(const fs::path& file) { run_tool({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.string()}); }

/// sshd_config(5) and ssh_config(5): an argument with blanks is put between double quotes.
std::string quoted(const std::string& text) { return '"' + text + '"'; }

void expect_host_key(const fs::path& known_hosts, const fs::path& public_key) {
  write_file(known_hosts, "* " + read_file(public_key));
}

}  // namespace

SshFiles::SshFiles() {
  fs::create_directory(folder_ / "client");
  fs::create_directory(server());
  make_key(server() / "hostkey");
  make_key(folder_ / "client/userkey");
  fs::copy_file(folder_ / "client/userkey.pub", server() / "authorized_keys");
  expect_host_key(folder_ / "client/known_hosts", server() / "hostkey.pub");
}

void SshFiles::write_server(const SshListener& listener, const fs::path& seen_as) const {
  std::string text = "ListenAddress " + listener.address + "\nPort " + std::to_string(listener.port) + "\nHostKey " +
                     quoted(seen_as / "hostkey") + "\nPidFile " + quoted(seen_as / (listener.name + ".pid")) +
                     "\nAuthorizedKeysFile " + quoted(seen_as / "authorized_keys") +
                     "\nStrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nUsePAM no\n";
  if (listener.lost_clients == LostClients::noticed) text += "ClientAliveInterval 1\nClientAliveCountMax 3\n";
  if (!listener.environment.empty()) text += "SetEnv";
  for (const auto& [variable, value] : listener.environment) text.append(" ").append(quoted(variable + "=" + value));
  write_file(server() / (listener.name + ".config"), text + "\n");
}

void SshFiles::write_client(const std::vector<SshAlias>& aliases) const {
  std::string text;
  for (const SshAlias& alias : aliases) {
    text += "Host " + alias.name + "\n  HostName " + alias.address + "\n  Port " + std::to_string(alias.port) + "\n";
  }
  text += "Host *\n  IdentitiesOnly yes\n  StrictHostKeyChecking yes\n  GlobalKnownHostsFile none\n  IdentityFile " +
          quoted(folder_ / "client/userkey") + "\n  UserKnownHostsFile " + quoted(folder_ / "client/known_hosts") + "\n";
  write_file(client_config(), text);
}

void SshFiles::expect_another_host_key() const {
  make_key(folder_ / "client/another");
  expect_host_key(folder_ / "client/known_hosts", folder_ / "client/another.pub");
}

void SshFiles::refuse_user_key() const { write_file(server() / "authorized_keys", ""); }

}  // namespace orchestrator::test
