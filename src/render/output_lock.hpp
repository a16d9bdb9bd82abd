#pragma once

#include "process/child_process.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <optional>

namespace orchestrator {

/// While one render holds it, no other starts on the same output. A flock(2) on ".NAME.lock" beside the output: free as soon
/// as this object or this process is gone. A guard process, which holds the lock as well, removes the file after a SIGKILL.
class OutputLock {
 public:
  /// `output` is absolute. Where the file system knows no locks, there is none. Errors: Errc::output_unwritable.
  static Result<OutputLock> take(boost::asio::any_io_executor executor, const std::filesystem::path& output);
  OutputLock(OutputLock&& other) noexcept;
  OutputLock& operator=(OutputLock&&) = delete;
  ~OutputLock();

 private:
  OutputLock() = default;

  std::filesystem::path file_{};
  UniqueFd held_{};
  std::optional<ChildProcess> guard_{};
};

}  // namespace orchestrator
