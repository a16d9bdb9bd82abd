#pragma once

#include <orchestrator/render_options.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace orchestrator {

/// Where a render keeps its files until it is done, and how the finished one gets its name. Everything temporary goes when
/// this object goes.
class RenderFiles {
 public:
  /// Checks the output's folder and makes hidden temporary folders. Errors: Errc::output_unwritable.
  static Result<RenderFiles> prepare(const RenderOptions& options);
  RenderFiles(RenderFiles&& other) noexcept = default;
  RenderFiles& operator=(RenderFiles&&) = delete;
  ~RenderFiles();

  const std::filesystem::path& chunk_dir() const { return chunk_dir_; }
  /// The file to assemble into: in the output's own folder, since rename(2) does not cross file systems.
  std::filesystem::path unfinished() const { return stage_dir_ / "final.mp4"; }
  /// Gives the unfinished file its final name, in one step.
  Result<void> publish();
  /// All that has to be removed if this process disappears.
  std::vector<std::filesystem::path> temporary_paths() const;

 private:
  RenderFiles() = default;
  std::filesystem::path output_{};
  std::filesystem::path stage_dir_{};
  std::filesystem::path chunk_dir_{};
  bool overwrite_{false};
};

/// The HTML file or URL that workers are given: folders become their index.html, paths absolute. Errors:
/// Errc::composition_not_found.
Result<std::string> resolve_composition(const std::string& composition);

}  // namespace orchestrator
