#include "ssh/ssh_error.hpp"

#include "support/contains.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("ssh error: what ssh says is told with the host and what to do about it", "[ssh]") {
  struct Row {
    const char* words;
    const char* quoted;
    const char* remedy;
  };
  // Captured from OpenSSH 9.2p1.
  const std::vector<Row> rows{
      {"ssh: connect to host n1 port 22: Connection refused\r\n", "port 22: Connection refused;", "sshd"},
      {"ssh: Could not resolve hostname n1: Name or service not known\r\n", "Could not resolve", "spelt"},
      {"root@10.0.0.1: Permission denied (publickey).\r\n", "Permission denied (publickey)", "ssh-copy-id"},
      {"Host key verification failed.\r\n", "verification failed", "`ssh n1` once"},
      {"@@@@@\r\n@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\n@@@@@\r\nHost key verification failed.\r\n",
       "HAS CHANGED", "ssh-keygen -R"},
      {"ssh: connect to host n1 port 22: Connection timed out\r\n", "timed out", "firewall"},
      {"command-line: line 0: Bad configuration option: nonsense\r\n", "nonsense", "ssh_options"},
      {"something new\n", "something new", ""},
      {"", "without a word", ""},
  };
  for (const Row& row : rows) {
    const Error error = connection_error("n1", row.words);
    CAPTURE(row.words);
    CHECK(error.code == Errc::executor_unavailable);
    CHECK(error.detail.starts_with("n1: cannot connect: "));
    CHECK(contains(error.detail, row.quoted));
    CHECK(contains(error.detail, row.remedy));
    CHECK(error.worker == "n1");
  }
}

TEST_CASE("ssh error: a worker that is missing is told from one that fails, whatever ssh's 255 means", "[ssh]") {
  const Error ended{.code = Errc::executor_unavailable, .detail = "the connection ended"};
  const auto text = [&](std::optional<ExitStatus> status) {
    return worker_error("n1", "orchestrator worker", ended, status, "w").detail;
  };
  CHECK(contains(text(ExitStatus{.code = 127}), "`orchestrator worker` was not found there"));
  CHECK(contains(text(ExitStatus{.code = 126}), "cannot be run"));
  CHECK(contains(text(ExitStatus{.code = 255}), "the connection ended (`orchestrator worker` ended with exit status 255)"));
  CHECK(contains(text(std::nullopt), "does not start: the connection ended"));
  // Captured from ld.so of Debian 12.
  const char* loader = "orchestrator: error while loading shared libraries: libxcb.so.1: cannot open shared object file\n";
  CHECK(contains(worker_error("n1", "orchestrator worker", ended, ExitStatus{.code = 127}, loader).detail, "libxcb.so.1"));
  CHECK_FALSE(is_missing_command(ExitStatus{.code = 127}, loader));
  const Error old{.code = Errc::protocol_error, .detail = "not hello"};
  CHECK(worker_error("n1", "c", old, std::nullopt, "").code == Errc::protocol_error);
}
