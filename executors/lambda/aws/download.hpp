#pragma once

#include "base/output_file.hpp"
#include "base/sha256.hpp"

#include <filesystem>
#include <optional>

namespace orchestrator::aws {

/// A file that is written and summed (SHA-256) as its bytes arrive. The destructor removes it unless `keep` was called.
class Download {
 public:
  explicit Download(std::filesystem::path path) : path_(std::move(path)) {}
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;
  ~Download();

  /// Begins the file anew. Call it before each attempt, the first included.
  void restart();
  /// False once something could not be written.
  bool write(std::string_view bytes);
  FileDigest finish();
  void keep() { goes_ = false; }
  /// Errc::output_unwritable, naming the file.
  std::optional<Error> error() const;

 private:
  std::filesystem::path path_;
  OutputFile file_{};
  Sha256 sum_{};
  FileDigest digest_{};
  int error_{0};      // errno of the first failure
  bool goes_{false};  // the destructor removes the file; false until it was opened, as a file from before is not ours
};

}  // namespace orchestrator::aws
