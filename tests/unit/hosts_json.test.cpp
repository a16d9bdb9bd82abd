#include <orchestrator/executors/ssh_executor.hpp>

#include "support/contains.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("hosts file: everything but the name has a default", "[ssh]") {
  const auto hosts = parse_ssh_hosts(R"({"hosts": [{"host": "a"},
      {"host": "me@b", "port": 2222, "slots": 3, "worker": "/opt/o worker", "ssh_options": ["-F", "c"], "weight": 2.5},
      {"host": "c", "slots": "auto", "port": null}]})");
  REQUIRE(hosts.has_value());
  REQUIRE(hosts->size() == 3);
  const SshHost& plain = hosts->at(0);
  CHECK(plain.slots == 0);
  CHECK(plain.worker == "orchestrator worker");
  CHECK(plain.weight == 1.0);
  const SshHost& full = hosts->at(1);
  CHECK((full.host == "me@b" && full.port == 2222 && full.slots == 3 && full.worker == "/opt/o worker"));
  CHECK((full.ssh_options == std::vector<std::string>{"-F", "c"} && full.weight == 2.5));
  CHECK(hosts->at(2).slots == 0);
}

TEST_CASE("hosts file: what is wrong is named by its place", "[ssh]") {
  struct Row {
    const char* text;
    const char* named;
  };
  const std::vector<Row> rows{
      {"", "not a JSON object"},
      {"[]", "not a JSON object"},
      {"{}", "hosts is missing"},
      {R"({"hosts": []})", "names no host"},
      {R"({"hosts": {}})", "hosts is not an array"},
      {R"({"hosts": ["a"]})", "not an object"},
      {R"({"hosts": [{"host": "a"}, {"port": 1}]})", "hosts[1].host is missing"},
      {R"({"hosts": [{"host": "a", "slot": 1}]})", "hosts[0].slot is not a known field"},
      {R"({"hosts": [{"host": "a", "slots": 0}]})", "hosts[0].slots must be 1 or more"},
      {R"({"hosts": [{"host": "a", "slots": "many"}]})", "hosts[0].slots"},
      {R"({"hosts": [{"host": "a", "slots": 1.5}]})", "hosts[0].slots is not an integer"},
      {R"({"hosts": [{"host": "a", "weight": 0}]})", "weight must be above 0"},
      {R"({"hosts": [{"host": "-v"}]})", "'-v' is not a host's name"},
      {R"({"hosts": [{"host": "a", "ssh_options": "-v"}]})", "hosts[0].ssh_options is not an array"},
  };
  for (const Row& row : rows) {
    const auto hosts = parse_ssh_hosts(row.text);
    CAPTURE(row.text);
    REQUIRE_FALSE(hosts.has_value());
    CHECK(hosts.error().code == Errc::invalid_options);
    CAPTURE(hosts.error().detail);
    CHECK(contains(hosts.error().detail, row.named));
  }
}
