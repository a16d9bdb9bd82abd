// One host behind a real sshd on loopback: what it does, and what is said about a host that cannot.
#include "support/contains.hpp"
#include "support/exact_render.hpp"
#include "support/files.hpp"
#include "support/film.hpp"
#include "support/http_server.hpp"
#include "support/ssh_render.hpp"
#include "support/ssh_server.hpp"

#include <boost/json/array.hpp>
#include <catch2/catch.hpp>

using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// Scripts of the sandbox can be worker commands.
struct Loopback {
  Sandbox sandbox{};
  SshServer server{sandbox.folder().string() + ":" + ORCHESTRATOR_BIN_DIR};

  ToolEnd render(const std::string& composition, const std::string& frames, const HostEntry& host, const Arguments& more = {}) {
    return sandbox.render(composition, frames, together({over_ssh(sandbox, server.files(), {host}), small_and_exact(), more}));
  }
  /// A short render with this worker command must fail as `expected`, and leave nothing on either side.
  void check_fails(const std::string& worker, const SshFailure& expected) {
    const ToolEnd end = render(page("static.html"), "0:20", {.host = SshServer::name(), .worker = worker});
    check_ssh_failure(sandbox, end, expected);
    CHECK(server.remains(5s) == "");
  }
};

}  // namespace

TEST_CASE("ssh connection: a render on one host is exactly the local one, and leaves nothing on either side", "[ssh]") {
  Loopback loopback;
  const HostEntry host{.host = SshServer::name(), .slots = 2};
  const Arguments on_host = over_ssh(loopback.sandbox, loopback.server.files(), {host});
  const ToolEnd end = check_is_exact(loopback.sandbox, on_host, loopback.server);
  CHECK(hosts_of(end) == std::vector<std::string>(6, SshServer::name()));
}

TEST_CASE("ssh connection: automatic slots are as many as the host's doctor says, and an http composition is fetched by the host",
          "[ssh]") {
  Loopback loopback;
  const HttpServer http({{"/scene.html", {.body = read_file(page("render_frame.html"))}}});
  const ToolEnd end = loopback.render(http.url("/scene.html"), "0:12", {.host = SshServer::name(), .slots = 0});
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(end.json().at("workers").as_int64() >= 1);
  CHECK(frame_hashes(loopback.sandbox.film()).size() == 12);
  CHECK(loopback.server.remains(5s) == "");
}

TEST_CASE("ssh connection: a host says what a composition is whose files are here", "[ssh]") {
  Loopback loopback;
  const HostEntry host{.host = SshServer::name()};
  const ToolEnd end = loopback.sandbox.run(together(
      {{"compositions", page("declares_length.html"), "--json"}, over_ssh(loopback.sandbox, loopback.server.files(), {host})}));
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(end.json().at("compositions").at(0).at("frames") == 20);
  CHECK(loopback.server.remains(5s) == "");
}

TEST_CASE("ssh connection: --host takes what the user's own ssh knows", "[ssh]") {
  Loopback loopback;
  std::filesystem::create_directory(loopback.sandbox.folder() / "path");
  loopback.sandbox.file("path/config", read_file(loopback.server.files().client_config()));
  loopback.sandbox.script("path/ssh", R"(exec /usr/bin/ssh -F "$(dirname "$0")/config" "$@")");
  loopback.sandbox.set("PATH", (loopback.sandbox.folder() / "path").string() + ":/usr/local/bin:/usr/bin:/bin");
  const ToolEnd end =
      loopback.sandbox.render(page("static.html"), "0:6", {"--executor", "ssh", "--host", SshServer::name(), "--chunks", "2"});
  INFO(end.errors);
  CHECK(end.status.code == 0);
  CHECK(hosts_of(end) == std::vector<std::string>(2, SshServer::name()));
  CHECK(loopback.server.remains(5s) == "");
}

TEST_CASE("ssh connection: a machine without an ssh client is told to install one", "[ssh]") {
  Loopback loopback;
  for (const std::string program : {"ffmpeg", "ffprobe"}) {
    loopback.sandbox.set(program == "ffmpeg" ? "ORCHESTRATOR_FFMPEG" : "ORCHESTRATOR_FFPROBE",
                         orchestrator::find_program(program));
  }
  loopback.sandbox.set("PATH", loopback.sandbox.out().string());
  loopback.check_fails("", {.names = {"ssh", "openssh-client"}});
}

TEST_CASE("ssh connection: a host with another key than the known one is refused", "[ssh]") {
  Loopback loopback;
  loopback.server.files().expect_another_host_key();
  loopback.check_fails("", {.names = {SshServer::name(), "Host key verification failed", "known_hosts"}});
}

TEST_CASE("ssh connection: a refused user key is said, without asking for a password", "[ssh]") {
  Loopback loopback;
  loopback.server.files().refuse_user_key();
  loopback.check_fails("", {.names = {SshServer::name(), "Permission denied (publickey", "ssh"}});
}

TEST_CASE("ssh connection: a refused connection is said", "[ssh]") {
  Loopback loopback;
  loopback.server.kill();
  loopback.check_fails("", {.names = {SshServer::name(), "Connection refused"}});
}

TEST_CASE("ssh connection: a host without the worker's program is named, with what to do", "[ssh]") {
  Loopback loopback;
  loopback.check_fails("/nowhere/orchestrator worker", {.names = {SshServer::name(), "/nowhere/orchestrator", "--bootstrap"}});
}

TEST_CASE("ssh connection: a worker of another protocol version is refused, with both versions", "[ssh]") {
  Loopback loopback;
  // One frame of the protocol: 29 bytes of JSON.
  loopback.sandbox.script("old_worker", R"(printf '\000\000\000\035\001{"type":"hello","protocol":1}'; exec cat >/dev/null)");
  loopback.check_fails("old_worker", {.names = {SshServer::name(), "protocol", "version 1", "version 7"}});
}

TEST_CASE("ssh connection: a host that prints a banner into the protocol is told from a worker", "[ssh]") {
  Loopback loopback;
  loopback.sandbox.script("chatty_worker", "echo Welcome to the render farm; exec orchestrator worker");
  const ToolEnd end = loopback.render(page("static.html"), "0:20", {.host = SshServer::name(), .worker = "chatty_worker"});
  INFO(end.errors);
  CHECK(end.status.code == 1);
  CHECK(contains(end.errors, SshServer::name()));
  CHECK(contains(end.errors, "Welcome to the"));
  CHECK(loopback.sandbox.remains() == "");
  CHECK(loopback.server.remains(5s) == "");
}

TEST_CASE("ssh connection: a host that lacks Chromium or ffmpeg is named with what it lacks", "[ssh]") {
  const std::string lacks = GENERATE("FFMPEG", "CHROMIUM");
  Loopback loopback;
  loopback.sandbox.script("poor_worker", "export ORCHESTRATOR_HEADLESS_SHELL=/no/such/shell\nexport ORCHESTRATOR_" + lacks +
                                             "=/no/such/program\nexec orchestrator worker");
  const ToolEnd end = loopback.render(page("static.html"), "0:20", {.host = SshServer::name(), .worker = "poor_worker"});
  INFO(end.errors);
  CHECK(end.status.code == 1);
  CHECK(contains(end.errors, SshServer::name()));
  CHECK(contains(end.errors, "ORCHESTRATOR_" + lacks));
  CHECK(loopback.sandbox.remains() == "");
  CHECK(loopback.server.remains(5s) == "");
}

TEST_CASE("ssh connection: a chunk that arrives with other bytes than were sent is not taken", "[ssh]") {
  Loopback loopback;
  // 0xF7 is in no UTF-8 text, so only the chunk's bytes change.
  loopback.sandbox.script("corrupting_worker", R"(orchestrator worker | LC_ALL=C stdbuf -o0 tr '\367' '\366')");
  const ToolEnd end =
      loopback.render(page("reference_scene.html"), "0:20", {.host = SshServer::name(), .worker = "corrupting_worker"});
  check_ssh_failure(loopback.sandbox, end, {.names = {SshServer::name(), "SHA-256"}, .code = "chunk_invalid"});
  CHECK(loopback.server.remains(5s) == "");
}

TEST_CASE("ssh connection: a page's error names chunk, frame and host", "[ssh]") {
  Loopback loopback;
  const ToolEnd end = loopback.render(page("throws_at_frame.html"), "0:20", {.host = SshServer::name()});
  check_ssh_failure(loopback.sandbox, end, {.names = {SshServer::name()}, .code = "page_error"});
  const auto error = end.json().at("error").as_object();
  CHECK(error.at("chunk") == 0);
  CHECK(error.at("frame") == 7);
  CHECK(error.at("worker").as_string() == SshServer::name());
  CHECK(loopback.server.remains(5s) == "");
}
