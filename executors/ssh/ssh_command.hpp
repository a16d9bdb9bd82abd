#pragma once

#include <orchestrator/executors/ssh_executor.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// Quotes `word` so that a POSIX shell takes it as one word, whatever it contains.
std::string shell_quote(std::string_view word);
/// `sh -c SCRIPT sh ARGUMENTS...` for any login shell: fish and csh read these quotes alike as long as the script contains
/// neither ' nor !.
std::string shell_script(std::string_view script, const std::vector<std::string>& arguments = {});

/// The ssh client that keeps the connection to a host open at `control_socket` and runs nothing (ssh(1), -M -N).
std::vector<std::string> ssh_master_command(const SshHost& host, const std::string& control_socket,
                                            const SshExecutorOptions& options);
/// An ssh client that runs `command` over this connection, its standard streams being the command's.
std::vector<std::string> ssh_session_command(const SshHost& host, const std::string& control_socket,
                                             const SshExecutorOptions& options, const std::string& command);

}  // namespace orchestrator
