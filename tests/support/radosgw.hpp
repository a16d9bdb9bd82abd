#pragma once

#include <orchestrator/worker/child_process.hpp>
#include <orchestrator/worker/guarded_dir.hpp>

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
  const std::string& folder() const { return folder_; }
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

  boost::asio::io_context context_{1};
  // A GuardedDir, because it is removed even if this process is killed. Its path has no blanks or quotes, which ceph.conf cannot
  // express.
  GuardedDir guarded_;
  std::string folder_{guarded_.path().string()};
  unsigned short monitor_port_;
  unsigned short gateway_port_;
  std::string endpoint_;
  std::vector<ChildProcess> daemons_{};
};

}  // namespace orchestrator::test
