#pragma once

#include "process/child_process.hpp"

#include <boost/asio/io_context.hpp>

#include <string>
#include <vector>

namespace orchestrator::test {

/// A real S3: Ceph's gateway over one monitor and one object store in memory, on the loopback interface, with one user. Takes
/// about 15 s to start, so a test binary starts one for all its cases (`shared`).
class Radosgw {
 public:
  /// Why there can be none here; empty if there can.
  static std::string impossible();
  /// Started at the first call; ends with the process.
  static Radosgw& shared();
  Radosgw();
  ~Radosgw();

  const std::string& endpoint() const { return endpoint_; }
  static std::string access_key() { return "AKIDRADOSGW"; }
  static std::string secret_key() { return "a/secret+key"; }

 private:
  void write_config();
  void make_keys();
  void start_monitor();
  void start_store();
  void start_gateway();
  std::string ceph(std::vector<std::string> arguments);
  void start(std::vector<std::string> argv);

  // A folder without blanks or quotes: ceph.conf has no way to write them.
  struct Folder {
    Folder();
    ~Folder();
    std::string path{};
  } folder_{};
  unsigned short monitor_port_;
  unsigned short gateway_port_;
  std::string endpoint_;
  boost::asio::io_context context_{1};
  std::vector<ChildProcess> daemons_{};
};

}  // namespace orchestrator::test
