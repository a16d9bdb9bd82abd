#include "base/invalid_options.hpp"
#include "base/json_reader.hpp"

#include <orchestrator/executors/ssh_executor.hpp>

#include <algorithm>
#include <cmath>

namespace orchestrator {
inline namespace v0 {

namespace {

void read_slots(JsonReader& reader, int& slots) {
  std::string word;
  if (reader.is_text("slots")) {
    reader.read("slots", word);
    if (word != "auto") reader.fail("slots", "must be a number, or \"auto\"");
  } else if (reader.has("slots")) {
    reader.read("slots", slots);
    if (slots < 1) reader.fail("slots", "must be 1 or more, or \"auto\"");
  }
}

SshHost read_host(JsonReader reader) {
  SshHost host;
  reader.only({"host", "port", "slots", "worker", "ssh_options", "weight"});
  reader.required("host").read("host", host.host).read("port", host.port).read("worker", host.worker);
  reader.read("ssh_options", host.ssh_options).read("weight", host.weight);
  read_slots(reader, host.slots);
  return host;
}

}  // namespace

Result<std::vector<SshHost>> parse_ssh_hosts(std::string_view json) {
  std::vector<SshHost> hosts;
  const auto wrong = read_json(json, "hosts file", [&](JsonReader reader) {
    reader.only({"hosts"}).required("hosts");
    reader.array("hosts", [&](const JsonReader& item) { hosts.push_back(read_host(item)); });
  });
  if (wrong) return Error{.code = Errc::invalid_options, .detail = *wrong};
  if (hosts.empty()) return Error{.code = Errc::invalid_options, .detail = "the hosts file names no host"};
  for (const SshHost& host : hosts) {
    if (auto checked = validate_ssh_host(host); !checked) return checked.error();
  }
  return hosts;
}

Result<void> validate_ssh_host(const SshHost& host) {
  const auto is_odd = [](char c) { return c <= ' ' || c == 0x7F; };
  if (host.host.empty()) return invalid_options("hosts: a host has no name");
  if (host.host.front() == '-' || std::any_of(host.host.begin(), host.host.end(), is_odd)) {
    return invalid_options("hosts: '" + host.host + "' is not a host's name: NAME or USER@NAME, as ssh takes it");
  }
  if (host.port < 0 || host.port > 65535) return invalid_options("hosts: " + host.host + ": port must be 1 ... 65535");
  constexpr int most_slots = 1024;  // no machine renders more chunks at a time: a larger number is a typing error
  if (host.slots < 0 || host.slots > most_slots)
    return invalid_options("hosts: " + host.host + ": slots must be 1 ... 1024, or auto");
  if (host.worker.empty())
    return invalid_options("hosts: " + host.host + ": worker is empty: the command that starts `orchestrator worker`");
  if (!(host.weight > 0) || !std::isfinite(host.weight))
    return invalid_options("hosts: " + host.host + ": weight must be above 0");
  return {};
}

}  // namespace v0
}  // namespace orchestrator
