#pragma once

namespace orchestrator::test {

/// While it lives, a look-up of a name below ".dead" hangs, as with a DNS server that does not answer. Look-ups under way end,
/// without an address, when it goes, or after a time after which a test has failed anyway. One at a time.
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
