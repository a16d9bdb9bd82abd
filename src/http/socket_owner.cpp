#include "http/socket_owner.hpp"

#include <cstdio>
#include <fstream>
#include <sstream>

namespace orchestrator {

std::optional<uid_t> find_socket_owner(std::string_view text, std::uint16_t port) {
  char wanted[16];  // local_address column: the address as a little-endian hexadecimal number, then the port
  std::snprintf(wanted, sizeof wanted, "0100007F:%04X", static_cast<unsigned>(port));
  std::istringstream lines{std::string(text)};
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream columns(line);
    std::string slot, local, remote, state, queues, timer, retransmits;
    uid_t uid = 0;
    if (columns >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid && local == wanted) return uid;
  }
  return std::nullopt;
}

std::optional<uid_t> owner_of_loopback_socket(std::uint16_t port) {
  std::ifstream file("/proc/net/tcp");
  std::ostringstream text;
  text << file.rdbuf();
  return find_socket_owner(text.str(), port);
}

}  // namespace orchestrator
