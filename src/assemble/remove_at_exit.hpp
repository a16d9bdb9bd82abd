#pragma once

#include <filesystem>
#include <system_error>
#include <utility>

namespace orchestrator {

/// Removes a file at the end of a scope, however the scope is left.
class RemoveAtExit {
 public:
  explicit RemoveAtExit(std::filesystem::path path) : path_(std::move(path)) {}
  RemoveAtExit(RemoveAtExit&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  RemoveAtExit& operator=(RemoveAtExit&&) = delete;
  ~RemoveAtExit() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
  }
  void keep() noexcept { path_.clear(); }

 private:
  std::filesystem::path path_;
};

}  // namespace orchestrator
