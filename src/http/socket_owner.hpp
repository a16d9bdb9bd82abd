#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// The user who owns the TCP socket 127.0.0.1:`port` on this machine, from /proc/net/tcp (proc(5)).
std::optional<uid_t> owner_of_loopback_socket(std::uint16_t port);

/// The same from the file's text; pure.
std::optional<uid_t> find_socket_owner(std::string_view proc_net_tcp, std::uint16_t port);

}  // namespace orchestrator
