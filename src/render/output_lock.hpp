#pragma once

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace orchestrator {

/// A lock on an output: while one render holds it, no other starts. It is a flock(2) on ".NAME.lock" beside the output, and so
/// free as soon as this object or this process is gone. After a SIGKILL, a guard process, which holds the lock, too, removes the
/// file.
class OutputLock {
 public:
  /// `output` is absolute. If the lock's file cannot be made or locked, the object locks nothing, and has a fault. Errors:
  /// Errc::output_unwritable, also if there is something else under the lock's name.
  static Result<OutputLock> take(boost::asio::any_io_executor executor, const std::filesystem::path& output);
  OutputLock(OutputLock&& other) noexcept;
  OutputLock& operator=(OutputLock&&) = delete;
  ~OutputLock();
  /// Why it locks nothing; empty if it does.
  const std::string& fault() const { return fault_; }

 private:
  OutputLock() = default;

  std::filesystem::path file_{};
  UniqueFd held_{};
  std::optional<ChildProcess> guard_{};
  std::string fault_{};
};

}  // namespace orchestrator
