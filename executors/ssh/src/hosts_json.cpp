#include "json/json_reader.hpp"
#include "ssh_command.hpp"

namespace orchestrator {

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

}  // namespace orchestrator
