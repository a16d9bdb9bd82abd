#pragma once

namespace orchestrator::test {

/// While this object lives, look-ups of names below ".dead" hang, as with a DNS server that does not answer. They end without an
/// address when it is destroyed, or after 15 s, when a test has failed anyway. Only one object may live at a time.
class DeadDns {
 public:
  DeadDns();
  ~DeadDns();
  DeadDns(const DeadDns&) = delete;
  DeadDns& operator=(const DeadDns&) = delete;

  /// Look-ups that hang now.
  int hanging() const;
};

}  // namespace orchestrator::test
