#include "serve/socket_owner.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {

constexpr std::uint16_t server = 0x1F90;

/// As proc(5) shows it: addresses and ports in hexadecimal, the address in the machine's byte order.
constexpr const char* table =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1 0 100 0 0 10 0\n"
    "   1: 0200007F:0050 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  2000        0 12 1 0 100 0 0 10 0\n"
    "   2: 0100007F:ABCD 0100007F:0016 06 00000000:00000000 00:00000000 00000000     0        0 0 3 0000000000000000\n"
    "   3: 0100007F:ABCD 0100007F:1F90 01 00000000:00000000 00:00000000 00000000    33        0 13 1 0 20 4 30 10 -1\n"
    "   4: 0100007F:ABCE 0100007F:1F90 06 00000000:00000000 00:00000000 00000000     0        0 0 3 0000000000000000\n";

}  // namespace

TEST_CASE("socket owner: the user is found by both ends of an established connection", "[http]") {
  CHECK(find_client_owner(table, 0xABCD, server) == 33U);  // not the TIME_WAIT line on the same port before it
}

TEST_CASE("socket owner: other states, other addresses, other ports and broken tables have none", "[http]") {
  CHECK_FALSE(find_client_owner(table, 0xABCE, server).has_value());  // TIME_WAIT
  CHECK_FALSE(find_client_owner(table, 0x50, server).has_value());    // bound to 127.0.0.2
  CHECK_FALSE(find_client_owner(table, 0xABCD, 80).has_value());
  CHECK_FALSE(find_client_owner("", 80, server).has_value());
  CHECK_FALSE(find_client_owner("0: 0100007F:0050 0100007F:1F90 01 0 0 0 root", 0x50, server).has_value());
}
