#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace orchestrator {
inline namespace v0 {
namespace testing {

/// While it lives, what this process starts and what it keeps in temporary folders can be told from everything else: by TMPDIR
/// and a mark in the environment.
class LeftoverWatch {
 public:
  /// `folder` is made, and emptied first.
  explicit LeftoverWatch(std::filesystem::path folder);
  ~LeftoverWatch();
  LeftoverWatch(const LeftoverWatch&) = delete;
  LeftoverWatch& operator=(const LeftoverWatch&) = delete;

  /// The processes and files that are there, a line each.
  std::vector<std::string> found() const;

 private:
  std::filesystem::path folder_;
  std::string mark_;
  std::string tmpdir_before_;
};

/// What lies in `folder`, by name.
std::vector<std::string> names_in(const std::filesystem::path& folder);

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
