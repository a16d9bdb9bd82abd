#include <orchestrator/executors/ssh_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

/// Hosts that are accepted can be given to ssh: named, not an option, with places to work in.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orchestrator;
  const auto hosts = parse_ssh_hosts({reinterpret_cast<const char*>(data), size});
  if (!hosts) {
    if (hosts.error().code != Errc::invalid_options || hosts.error().detail.empty()) std::abort();
    return 0;
  }
  if (hosts->empty()) std::abort();
  for (const SshHost& host : *hosts) {
    if (host.host.empty() || host.host.front() == '-' || host.slots < 0 || host.port < 0 || !(host.weight > 0)) std::abort();
  }
  return 0;
}
