#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace orchestrator {

/// The user who owns the client's end of an established TCP connection of this machine, 127.0.0.1:`client_port` to
/// 127.0.0.1:`server_port`, from /proc/net/tcp (proc(5)).
std::optional<uid_t> owner_of_loopback_client(std::uint16_t client_port, std::uint16_t server_port);

/// The same from the file's text. Pure. Both ends and the state must match: a socket in TIME_WAIT on the same port no longer
/// belongs to anybody and is listed as root's.
std::optional<uid_t> find_client_owner(std::string_view proc_net_tcp, std::uint16_t client_port, std::uint16_t server_port);

}  // namespace orchestrator
