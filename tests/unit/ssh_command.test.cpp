#include "ssh/ssh_command.hpp"

#include "support/contains.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += word + " ";
  return text;
}

std::ptrdiff_t place(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) - words.begin();
}

}  // namespace

TEST_CASE("ssh command: the user's options come before our defaults and after what we stand on", "[ssh]") {
  const SshHost host{.host = "user@node1", .port = 2222, .ssh_options = {"-F", "farm.conf"}};
  const auto words = ssh_session_command(host, "/tmp/s", {.connect_timeout = 4500ms, .heartbeat_timeout = 10s}, "worker --now");
  CHECK(place(words, "BatchMode=yes") < place(words, "farm.conf"));
  CHECK(place(words, "farm.conf") < place(words, "ConnectTimeout=5"));
  CHECK(place(words, "ServerAliveInterval=2") < place(words, "--"));
  CHECK(contains(joined(words), "-p 2222"));
  CHECK(joined({words.end() - 3, words.end()}) == "-- user@node1 worker --now ");
}

TEST_CASE("ssh command: host keys are checked as the user wants, and nothing of the user's is lent to a host", "[ssh]") {
  for (const auto& words :
       {ssh_master_command({.host = "a"}, "/tmp/s", {}), ssh_session_command({.host = "a"}, "/tmp/s", {}, "c")}) {
    const std::string text = joined(words);
    CHECK_FALSE(contains(text, "StrictHostKeyChecking"));
    CHECK_FALSE(contains(text, "UserKnownHostsFile"));
    for (const char* needed :
         {"-T", "ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes", "RemoteCommand=none", "ForkAfterAuthentication=no",
          "StdinNull=no", "Tunnel=no", "GSSAPIDelegateCredentials=no", "PermitLocalCommand=no"}) {
      CHECK(contains(text, needed));
    }
    CHECK_FALSE(contains(text, "-p "));
  }
}

TEST_CASE("ssh command: a host that ssh would take for something else is refused by its field", "[ssh]") {
  struct Row {
    SshHost host;
    const char* named;
  };
  const std::vector<Row> rows{
      {{.host = ""}, "no name"},
      {{.host = "-oProxyCommand=reboot"}, "-oProxyCommand=reboot"},
      {{.host = "a b"}, "a b"},
      {{.host = "a\nb"}, "not a host's name"},
      {{.host = "a", .port = 65536}, "a: port"},
      {{.host = "a", .port = -1}, "a: port"},
      {{.host = "a", .slots = -1}, "a: slots"},
      {{.host = "a", .slots = 100000}, "a: slots"},
      {{.host = "a", .worker = ""}, "a: worker"},
      {{.host = "a", .weight = 0}, "a: weight"},
      {{.host = "a", .weight = 0.0 / 0.0}, "a: weight"},
  };
  for (const Row& row : rows) {
    const auto checked = validate_ssh_host(row.host);
    CAPTURE(row.named);
    REQUIRE_FALSE(checked.has_value());
    CHECK(checked.error().code == Errc::invalid_options);
    CHECK(contains(checked.error().detail, row.named));
  }
  CHECK(validate_ssh_host({.host = "user@[::1]", .port = 22, .slots = 4}).has_value());
}
