#include "support/radosgw.hpp"

#include "support/files.hpp"
#include "support/http_server.hpp"
#include "support/in_time.hpp"
#include "support/run_tool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <csignal>
#include <filesystem>
#include <stdexcept>

namespace orchestrator::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr const char* store_id = "5a2bd9a1-8a44-4b5e-9c50-3bf5a7b1f001";
constexpr const char* cluster_id = "5a2bd9a1-8a44-4b5e-9c50-3bf5a7b1f000";

bool accepts_connections(unsigned short port) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::socket socket(context);
  boost::system::error_code refused;
  socket.connect({boost::asio::ip::address_v4::loopback(), port}, refused);
  return !refused;
}

GuardedDir make_folder(const boost::asio::any_io_executor& executor) {
  auto made = GuardedDir::create(executor, fs::temp_directory_path(), "orchestrator-radosgw-");
  if (!made) throw std::runtime_error(made.error().message());
  return std::move(*made);
}

}  // namespace

std::string Radosgw::impossible() {
  for (const char* program : {"radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "ceph", "monmaptool"}) {
    if (find_program(program).empty()) return std::string(program) + " is not installed (radosgw, ceph-mon, ceph-osd)";
  }
  return {};
}

Radosgw& Radosgw::shared() {
  static Radosgw gateway;
  return gateway;
}

Radosgw::Radosgw()
    : guarded_(make_folder(context_.get_executor())),
      monitor_port_(closed_port()),
      gateway_port_(closed_port()),
      endpoint_("http://127.0.0.1:" + std::to_string(gateway_port_)) {
  for (const char* name : {"mon", "osd", "rgw"}) fs::create_directory(folder_ + "/" + name);
  write_config();
  make_keys();
  start_monitor();
  start_store();
  start_gateway();
}

Radosgw::~Radosgw() {
  // The object store in memory takes long to end after SIGTERM, and nothing of it is needed.
  for (ChildProcess& daemon : daemons_) daemon.kill(SIGKILL);
}

void Radosgw::write_config() {
  const std::string d = folder_;
  const std::string monitor = "v2:127.0.0.1:" + std::to_string(monitor_port_);
  // Authentication is on, because with "auth required = none" the gateway hangs for 300 s. Pools have one copy on one store, and
  // there is no background work.
  write_file(d + "/ceph.conf",
             "[global]\nfsid = " + std::string(cluster_id) + "\nmon initial members = a\nmon host = " + monitor +
                 "\npublic network = 127.0.0.0/8\nauth cluster required = cephx\n"
                 "auth service required = cephx\nauth client required = cephx\n"
                 "osd pool default size = 1\nosd pool default min size = 1\nosd pool default pg num = 1\n"
                 "osd pool default pgp num = 1\nosd pool default pg autoscale mode = off\n"
                 "osd crush chooseleaf type = 0\nmon allow pool size one = true\nmon max pg per osd = 1000\n"
                 "run dir = " +
                 d + "\nadmin socket = " + d + "/$name.asok\nlog file = " + d + "/$name.log\npid file = " + d +
                 "/$name.pid\nkeyring = " + d + "/keyring\n[mon.a]\nmon data = " + d + "/mon\n[osd]\nosd data = " + d +
                 "/osd\nosd objectstore = memstore\n"
                 "memstore device bytes = 1073741824\n[client.rgw]\nrgw frontends = beast endpoint=127.0.0.1:" +
                 std::to_string(gateway_port_) + "\nrgw data = " + d +
                 "/rgw\nrgw run sync thread = false\nrgw enable gc threads = false\n"
                 "rgw enable lc threads = false\nrgw enable quota threads = false\n");
}

void Radosgw::make_keys() {
  const std::string keyring = folder_ + "/keyring", all = "allow *";
  run_tool({"ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", all});
  for (const char* name : {"client.admin", "client.rgw", "osd.0"}) {
    run_tool({"ceph-authtool", keyring, "--gen-key", "-n", name, "--cap", "mon", all, "--cap", "osd", all, "--cap", "mgr", all});
  }
}

void Radosgw::start_monitor() {
  const std::string map = folder_ + "/monmap", config = folder_ + "/ceph.conf";
  run_tool({"monmaptool", "--create", "--fsid", cluster_id, "--addv", "a", "[v2:127.0.0.1:" + std::to_string(monitor_port_) + "]",
            map});
  run_tool({"ceph-mon", "-c", config, "--mkfs", "-i", "a", "--monmap", map, "--keyring", folder_ + "/keyring"});
  start({"ceph-mon", "-f", "-c", config, "-i", "a"});
}

std::string Radosgw::ceph(std::vector<std::string> arguments) {
  // The time limit is there because a client waits for ever if its cluster does not come up.
  std::vector<std::string> argv{"timeout", "30", "ceph", "-c", folder_ + "/ceph.conf"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return run_tool(argv);
}

void Radosgw::start_store() {
  const std::string config = folder_ + "/ceph.conf";
  ceph({"auth", "import", "-i", folder_ + "/keyring"});
  ceph({"osd", "new", store_id});
  run_tool({"timeout", "30", "ceph-osd", "-c", config, "-i", "0", "--mkfs", "--osd-uuid", store_id});
  start({"ceph-osd", "-f", "-c", config, "-i", "0"});
}

void Radosgw::start_gateway() {
  const std::string config = folder_ + "/ceph.conf";
  run_tool({"timeout", "60", "radosgw-admin", "-c", config, "-n", "client.rgw", "user", "create", "--uid=farm",
            "--display-name=farm", "--access-key=" + access_key(), "--secret-key=" + secret_key()});
  start({"radosgw", "-f", "-c", config, "-n", "client.rgw"});
  if (!in_time([this] { return accepts_connections(gateway_port_); }, 60s)) {
    throw std::runtime_error("radosgw does not start: " + read_file(folder_ + "/client.rgw.log"));
  }
}

void Radosgw::start(std::vector<std::string> argv) {
  auto daemon = ChildProcess::spawn(context_.get_executor(), {.argv = std::move(argv), .own_group = true});
  if (!daemon) throw std::runtime_error(daemon.error().message());
  daemons_.push_back(std::move(*daemon));
}

}  // namespace orchestrator::test
