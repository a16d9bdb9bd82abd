#pragma once

#include "process/child_process.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <optional>

namespace orchestrator {

/// A private directory (mode 0700) for a browser's profile and its temporary files. Gone with this object, and also after
/// this process was killed: a guard process waits for that.
class ScratchDir {
 public:
  /// Errors: Errc::browser_unavailable, naming the directory.
  static Result<ScratchDir> create(boost::asio::any_io_executor executor);
  ScratchDir(ScratchDir&& other) noexcept;
  ScratchDir& operator=(ScratchDir&&) = delete;
  ~ScratchDir();
  void remove() noexcept;
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  ScratchDir(std::filesystem::path path, ChildProcess guard) : path_(std::move(path)), guard_(std::move(guard)) {}

  std::filesystem::path path_;
  ChildProcess guard_;
};

}  // namespace orchestrator
