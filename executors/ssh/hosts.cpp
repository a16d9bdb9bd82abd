#include <orchestrator/executors/ssh_executor.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace orchestrator {
inline namespace v0 {

namespace {

namespace json = boost::json;

Error invalid(std::string detail) { return Error{.code = Errc::invalid_options, .detail = std::move(detail)}; }

/// What is wrong with a field; parse_ssh_hosts() makes an Error of it.
struct WrongField : std::runtime_error {
  WrongField(const std::string& field, const std::string& what) : std::runtime_error("hosts file." + field + " " + what) {}
};

/// A field of `object`; null if it is absent or says null, which mean the same.
const json::value* find(const json::object& object, std::string_view name) {
  const json::value* const value = object.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void allow_only(const json::object& object, const std::string& place, std::initializer_list<std::string_view> names) {
  for (const auto& field : object) {
    if (std::find(names.begin(), names.end(), std::string_view(field.key())) != names.end()) continue;
    std::string known;
    for (const std::string_view name : names) known += (known.empty() ? "" : ", ") + std::string(name);
    throw WrongField(place + std::string(field.key()), "is not a known field; there are: " + known);
  }
}

std::string text(const json::value& value, const std::string& field) {
  if (!value.is_string()) throw WrongField(field, "is not a string");
  return std::string(value.get_string());
}

int integer(const json::value& value, const std::string& field) {
  boost::system::error_code failed;
  const int number = value.to_number<int>(failed);
  if (failed || value.is_double()) throw WrongField(field, "is not an integer, or too large");
  return number;
}

double number(const json::value& value, const std::string& field) {
  if (!value.is_number()) throw WrongField(field, "is not a number");
  return value.to_number<double>();
}

int slots(const json::value& value, const std::string& field) {
  if (value.is_string()) {
    if (value.get_string() != "auto") throw WrongField(field, "must be a number, or \"auto\"");
    return 0;
  }
  const int slots = integer(value, field);
  if (slots < 1) throw WrongField(field, "must be 1 or more, or \"auto\"");
  return slots;
}

std::vector<std::string> texts(const json::value& value, const std::string& field) {
  if (!value.is_array()) throw WrongField(field, "is not an array");
  std::vector<std::string> list;
  for (const json::value& item : value.get_array()) list.push_back(text(item, field + "[" + std::to_string(list.size()) + "]"));
  return list;
}

SshHost read_host(const json::value& item, const std::string& place) {
  if (!item.is_object()) throw WrongField(place, "is not an object");
  const json::object& object = item.get_object();
  const std::string at = place + ".";
  allow_only(object, at, {"host", "port", "slots", "worker", "ssh_options", "weight"});
  SshHost host;
  const json::value* const name = find(object, "host");
  if (name == nullptr) throw WrongField(at + "host", "is missing");
  host.host = text(*name, at + "host");
  if (const auto* value = find(object, "port")) host.port = integer(*value, at + "port");
  if (const auto* value = find(object, "worker")) host.worker = text(*value, at + "worker");
  if (const auto* value = find(object, "ssh_options")) host.ssh_options = texts(*value, at + "ssh_options");
  if (const auto* value = find(object, "weight")) host.weight = number(*value, at + "weight");
  if (const auto* value = find(object, "slots")) host.slots = slots(*value, at + "slots");
  return host;
}

std::vector<SshHost> read_hosts(const json::object& file) {
  allow_only(file, "", {"hosts"});
  const json::value* const list = find(file, "hosts");
  if (list == nullptr) throw WrongField("hosts", "is missing");
  if (!list->is_array()) throw WrongField("hosts", "is not an array");
  std::vector<SshHost> hosts;
  for (const json::value& item : list->get_array()) {
    hosts.push_back(read_host(item, "hosts[" + std::to_string(hosts.size()) + "]"));
  }
  return hosts;
}

}  // namespace

Result<std::vector<SshHost>> parse_ssh_hosts(std::string_view content) {
  boost::system::error_code failed;
  const json::value file = json::parse(content, failed);
  if (failed) return invalid("the hosts file is not a JSON object: " + failed.message());
  if (!file.is_object()) return invalid("the hosts file is not a JSON object");
  std::vector<SshHost> hosts;
  try {
    hosts = read_hosts(file.get_object());
  } catch (const WrongField& wrong) {
    return invalid(wrong.what());
  }
  if (hosts.empty()) return invalid("the hosts file names no host");
  for (const SshHost& host : hosts) {
    if (auto checked = validate_ssh_host(host); !checked) return checked.error();
  }
  return hosts;
}

Result<void> validate_ssh_host(const SshHost& host) {
  const auto is_odd = [](char c) { return c <= ' ' || c == 0x7F; };
  if (host.host.empty()) return invalid("hosts: a host has no name");
  if (host.host.front() == '-' || std::any_of(host.host.begin(), host.host.end(), is_odd)) {
    return invalid("hosts: '" + host.host + "' is not a host's name: NAME or USER@NAME, as ssh takes it");
  }
  if (host.port < 0 || host.port > 65535) return invalid("hosts: " + host.host + ": port must be 1 ... 65535");
  constexpr int most_slots = 1024;  // no machine renders more chunks at a time: a larger number is a typing error
  if (host.slots < 0 || host.slots > most_slots) return invalid("hosts: " + host.host + ": slots must be 1 ... 1024, or auto");
  if (host.worker.empty())
    return invalid("hosts: " + host.host + ": worker is empty: the command that starts `orchestrator worker`");
  if (!(host.weight > 0) || !std::isfinite(host.weight)) return invalid("hosts: " + host.host + ": weight must be above 0");
  return {};
}

}  // namespace v0
}  // namespace orchestrator
