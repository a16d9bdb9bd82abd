#include "ssh/ssh_command.hpp"

#include <algorithm>

namespace orchestrator {

namespace {

using Words = std::vector<std::string>;

void append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

/// Whole seconds, at least 1 (ssh_config(5) takes no fractions).
std::string seconds(std::chrono::milliseconds time) {
  return std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(time).count()));
}

/// ssh takes the first value that it finds for an option (ssh_config(5)). So what this executor relies on comes first, then the
/// user's options, then defaults that the user may override. StrictHostKeyChecking is left to the user.
Words ssh_command(const SshHost& host, const std::string& control_socket, const SshExecutorOptions& options, Words role) {
  Words words{"ssh", "-T", "-S", control_socket, "-o", "BatchMode=yes", "-o", "ControlPersist=no"};
  append(words, {"-o", "RemoteCommand=none", "-o", "PermitLocalCommand=no", "-o", "StdinNull=no"});
  append(words, {"-o", "ForkAfterAuthentication=no"});  // ssh has to stay our child, and to end with us
  append(words, {"-o", "ClearAllForwardings=yes", "-o", "ForwardAgent=no", "-o", "ForwardX11=no", "-o", "Tunnel=no"});
  append(words, {"-o", "GSSAPIDelegateCredentials=no"});
  append(words, role);
  append(words, host.ssh_options);
  if (host.port > 0) append(words, {"-p", std::to_string(host.port)});
  append(words, {"-o", "ConnectTimeout=" + seconds(options.connect_timeout)});
  // ssh gives up when a fourth probe would be due, which is within the heartbeat time.
  const auto probe_s = std::chrono::floor<std::chrono::seconds>(options.heartbeat_timeout / 4);
  append(words, {"-o", "ServerAliveInterval=" + seconds(probe_s), "-o", "ServerAliveCountMax=3"});
  append(words, {"--", host.host});
  return words;
}

}  // namespace

std::string shell_quote(std::string_view word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string shell_script(std::string_view script, const std::vector<std::string>& arguments) {
  std::string command = "sh -c " + shell_quote(script) + " sh";
  for (const std::string& argument : arguments) command += " " + shell_quote(argument);
  return command;
}

std::vector<std::string> ssh_master_command(const SshHost& host, const std::string& control_socket,
                                            const SshExecutorOptions& options) {
  return ssh_command(host, control_socket, options, {"-M", "-N"});
}

std::vector<std::string> ssh_session_command(const SshHost& host, const std::string& control_socket,
                                             const SshExecutorOptions& options, const std::string& command) {
  Words words = ssh_command(host, control_socket, options, {"-o", "ControlMaster=no", "-o", "SessionType=default"});
  words.push_back(command);
  return words;
}

}  // namespace orchestrator
