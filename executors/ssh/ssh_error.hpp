#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/worker/child_process.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// Why a host cannot take part, from what ssh(1) wrote, with what to do about it where OpenSSH's words are known. The exit status
/// would not tell: ssh ends with 255 for its own failures and for a command's 255 alike (ssh(1), EXIT STATUS).
Error connection_error(const std::string& host, std::string_view ssh_words);

/// True if the host has no such command: the login shell then ends with 127 (POSIX, 2.8.2). The dynamic loader also ends with 127
/// when a library is missing, but it says so (ld.so(8)).
bool is_missing_command(std::optional<ExitStatus> status, std::string_view words);

/// Why a worker did not start on a host that can be reached. `status`: how the ssh client ended, if it did.
Error worker_error(const std::string& host, const std::string& command, Error found, std::optional<ExitStatus> status,
                   std::string_view words);

}  // namespace orchestrator
