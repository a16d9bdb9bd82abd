#include "serve/socket_owner.hpp"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

namespace orchestrator {

namespace {

constexpr const char* established = "01";  // TCP_ESTABLISHED, include/net/tcp_states.h

/// An address column of /proc/net/tcp: 127.0.0.1 as a little-endian hexadecimal number, then the port.
std::string loopback_column(std::uint16_t port) {
  char text[16];
  std::snprintf(text, sizeof text, "0100007F:%04X", static_cast<unsigned>(port));
  return text;
}

}  // namespace

std::optional<uid_t> find_client_owner(std::string_view text, std::uint16_t client_port, std::uint16_t server_port) {
  const std::string client = loopback_column(client_port);
  const std::string server = loopback_column(server_port);
  std::istringstream lines{std::string(text)};
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream columns(line);
    std::string slot, local, remote, state, queues, timer, retransmits;
    uid_t uid = 0;
    if (!(columns >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid)) continue;
    if (local == client && remote == server && state == established) return uid;
  }
  return std::nullopt;
}

std::optional<uid_t> owner_of_loopback_client(std::uint16_t client_port, std::uint16_t server_port) {
  std::ifstream file("/proc/net/tcp");
  std::ostringstream text;
  text << file.rdbuf();
  return find_client_owner(text.str(), client_port, server_port);
}

}  // namespace orchestrator
