// SshExecutor and a real sshd on loopback, whose workers are scripted: hosts, connections and copies that come and go.
#include <orchestrator/executors/ssh_executor.hpp>

#include "support/await.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/in_time.hpp"
#include "support/notes.hpp"
#include "support/ssh_server.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

const ChunkJob job{.chunk = 1, .frames = {10, 40}, .composition = "https://example.org/", .output = "/tmp/c.mp4"};

/// A worker that has a page's error for each job.
const std::string failing_worker = "'" ORCHESTRATOR_SCRIPTED_WORKER "' fails";

SshExecutorOptions on(const SshServer& server, const std::string& worker, int slots) {
  SshHost host{.host = SshServer::name(), .slots = slots, .worker = worker};
  host.ssh_options = {"-F", server.files().client_config().string()};
  return {.hosts = {host}};
}

/// One chunk under way.
struct Chunk {
  Notes notes{};
  asio::cancellation_signal cancel{};
  std::optional<Result<ChunkResult>> result{};

  void start(asio::io_context& context, SshExecutor& executor) {
    asio::co_spawn(context, without_throwing(executor.render_chunk(job, notes)),
                   asio::bind_cancellation_slot(cancel.slot(), [this](const std::exception_ptr&, Result<ChunkResult> ended) {
                     result.emplace(std::move(ended));
                   }));
  }
  std::optional<Errc> code() const { return result && !*result ? std::optional(result->error().code) : std::nullopt; }
};

std::optional<Errc> code_of_chunk(SshExecutor& executor) {
  asio::io_context context;
  Chunk chunk;
  chunk.start(context, executor);
  context.run_for(30s);
  return chunk.code();
}

std::vector<Process> clients_with(const std::string& text) {
  auto found = descendants_of(::getpid());
  std::erase_if(found, [&](const Process& process) {
    const std::string program = process.command.substr(0, process.command.find(' '));
    return fs::path(program).filename() != "ssh" || process.command.find(text) == std::string::npos;
  });
  return found;
}

/// Kills this process's ssh clients with `text` among their arguments; returns when all that shared a connection have ended, too.
void lose_clients(const std::string& text) {
  for (const Process& client : clients_with(text)) ::kill(client.pid, SIGKILL);
  REQUIRE(in_time([&] { return clients_with("ControlMaster=no").empty(); }, 20s));
}

/// Puts a program before the real ssh, which writes a line for each login and takes a second longer for it.
class SlowLogin {
 public:
  SlowLogin() {
    std::ofstream(folder_ / "ssh")
        << "#!/bin/sh\ncase \" $* \" in *' -M '*) echo login >> \"$(dirname \"$0\")/logins\"; sleep 1;; "
           "esac\nexec /usr/bin/ssh \"$@\"\n";
    fs::permissions(folder_ / "ssh", fs::perms::owner_all);
    ::setenv("PATH", (folder_.path().string() + ":" + before_).c_str(), 1);
  }
  ~SlowLogin() { ::setenv("PATH", before_.c_str(), 1); }
  std::size_t logins() const { return read_file(folder_ / "logins").size() / std::string("login\n").size(); }

 private:
  TempDir folder_{};
  std::string before_{std::getenv("PATH")};
};

}  // namespace

TEST_CASE("ssh hosts: one that is down at the start is asked again, and takes part when it is up", "[ssh]") {
  SshServer server("/bin");
  server.kill();
  SshExecutor executor(on(server, failing_worker, 2));
  const auto refused = await(executor.prepare());
  REQUIRE_FALSE(refused.has_value());
  CHECK(contains(refused.error().detail, "Connection refused"));
  server.start();
  CHECK(in_time([&] { return await(executor.prepare()).has_value(); }, 20s));
  CHECK(executor.capabilities().slots == 2);
  CHECK(executor.connect()->at(0).slots == 2);
  CHECK_FALSE(executor.connect()->at(0).refused.has_value());
  CHECK(code_of_chunk(executor) == Errc::page_error);
}

TEST_CASE("ssh hosts: one that is lost takes part again when it is back, whatever else asks meanwhile", "[ssh]") {
  SshServer server("/bin");
  SshExecutor executor(on(server, failing_worker, 2));
  CHECK(code_of_chunk(executor) == Errc::page_error);
  std::jthread other_render([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      static_cast<void>(await(executor.prepare()));
      std::this_thread::sleep_for(1ms);
    }
  });
  server.kill();
  CHECK(in_time([&] { return code_of_chunk(executor) != Errc::page_error && !await(executor.prepare()); }, 20s));
  CHECK(executor.capabilities().slots == 1);  // none, but plans need one
  server.start();
  CHECK(in_time([&] { return code_of_chunk(executor) == Errc::page_error; }, 20s));
  CHECK(executor.capabilities().slots == 2);
}

TEST_CASE("ssh hosts: chunks that start together share one login, also when one that waits for it is cancelled", "[ssh]") {
  SshServer server("/bin");
  const SlowLogin ssh;
  SshExecutor executor(on(server, failing_worker, 3));
  REQUIRE(await(executor.prepare()).has_value());
  lose_clients(" -M ");
  asio::io_context context;
  Chunk opens, waits, comes_later;
  opens.start(context, executor);
  waits.start(context, executor);
  asio::steady_timer cancelling(context, 300ms), coming(context, 500ms);
  cancelling.async_wait([&](boost::system::error_code) { waits.cancel.emit(asio::cancellation_type::terminal); });
  coming.async_wait([&](boost::system::error_code) { comes_later.start(context, executor); });
  context.run_for(30s);
  CHECK(opens.code() == Errc::page_error);
  CHECK(waits.code() == Errc::cancelled);
  CHECK(comes_later.code() == Errc::page_error);
  CHECK(ssh.logins() == 2);
}

TEST_CASE("ssh hosts: a copied program that went with its lease is copied once more, for all workers that need it", "[ssh]") {
  SshServer server("/bin");
  const TempDir folder;
  const fs::path program = folder / "program";
  write_file(program, "#!/bin/sh\n[ \"$1\" = --version ] && exit 0\nexec " + failing_worker + "\n");
  fs::permissions(program, fs::perms::owner_all);
  SshExecutorOptions options = on(server, "/nowhere/orchestrator worker", 2);
  options.bootstrap = true;
  options.bootstrap_program = program;
  {
    SshExecutor executor(options);
    REQUIRE(await(executor.prepare()).has_value());
    lose_clients("ControlMaster=no");
    asio::io_context context;
    Chunk one, two;
    one.start(context, executor);
    two.start(context, executor);
    context.run_for(30s);
    CHECK(one.code() == Errc::page_error);
    CHECK(two.code() == Errc::page_error);
    CHECK_FALSE(contains(one.notes.text + two.notes.text, "nowhere"));
  }
  CHECK(server.remains(5s) == "");
}
