#include "http/socket_owner.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {

/// As proc(5) shows it: addresses and ports in hexadecimal, the address in the machine's byte order.
constexpr const char* table =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1 0 100 0 0 10 0\n"
    "   1: 0200007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000  2000        0 12 1 0 100 0 0 10 0\n"
    "   2: 0100007F:ABCD 0100007F:1F90 01 00000000:00000000 00:00000000 00000000    33        0 13 1 0 20 4 30 10 -1\n";

}  // namespace

TEST_CASE("socket owner: the user is found by the local port", "[http]") {
  CHECK(find_socket_owner(table, 0x1F90) == 1000U);
  CHECK(find_socket_owner(table, 0xABCD) == 33U);
}

TEST_CASE("socket owner: other addresses, other ports and broken tables have none", "[http]") {
  CHECK_FALSE(find_socket_owner(table, 0x50).has_value());  // bound to 127.0.0.2
  CHECK_FALSE(find_socket_owner(table, 1).has_value());
  CHECK_FALSE(find_socket_owner("", 80).has_value());
  CHECK_FALSE(find_socket_owner("0: 0100007F:0050 00000000:0000 0A 0 0 0 root", 80).has_value());
}
