// SshExecutor keeps the contract, behind a real sshd on loopback, and leaves nothing on the host.
#include <orchestrator/executors/ssh_executor.hpp>

#include "support/conforms.hpp"
#include "support/ssh_server.hpp"

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

TEST_CASE("conformance: SshExecutor", "[ssh]") {
  const TempDir folder;
  const SshServer server(ORCHESTRATOR_BIN_DIR);
  const auto make = [&server] {
    SshHost host{.host = SshServer::name(), .slots = 2};
    host.ssh_options = {"-F", server.files().client_config().string()};
    return std::make_unique<SshExecutor>(SshExecutorOptions{.hosts = {host}});
  };
  const auto left_over = [&server] {
    const std::string left = server.remains(0ms);
    return left.empty() ? std::vector<std::string>{} : std::vector<std::string>{"on the host: " + left};
  };
  check_conforms({.make = make, .folder = folder.path(), .left_over = left_over}, {"no slots"});
}
