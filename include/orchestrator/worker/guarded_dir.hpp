#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/worker/child_process.hpp>

#include <filesystem>
#include <string>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// A new private directory (mode 0700). It is removed, with all that is in it, when this object is destroyed, or by a guard
/// process within three seconds after this process was killed.
class GuardedDir {
 public:
  /// `parent`/`prefix`XXXXXX. Errors: Errc::internal, naming the directory; callers replace code and stage.
  static Result<GuardedDir> create(boost::asio::any_io_executor executor, const std::filesystem::path& parent,
                                   const std::string& prefix);
  GuardedDir(GuardedDir&& other) noexcept;
  GuardedDir& operator=(GuardedDir&&) = delete;
  ~GuardedDir();
  void remove() noexcept;
  /// Leaves the directory to somebody else: it stays, whatever becomes of this object and this process, unless remove() is
  /// called.
  void keep() noexcept;
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  GuardedDir(std::filesystem::path path, ChildProcess guard) : path_(std::move(path)), guard_(std::move(guard)) {}

  std::filesystem::path path_;
  ChildProcess guard_;
  bool kept_{false};
};

/// Where temporary folders go: $TMPDIR, or /tmp. Errors: Errc::internal, naming the folder and what to do; callers replace code
/// and stage.
Result<std::filesystem::path> temporary_folder();

}  // namespace v0
}  // namespace orchestrator
