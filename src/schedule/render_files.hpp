#pragma once

#include "process/guarded_dir.hpp"

#include <orchestrator/render_options.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace orchestrator {

/// Where a render keeps its files until it is done, and how the finished one gets its name. Everything temporary goes when
/// this object goes, or this process.
class RenderFiles {
 public:
  /// Checks the output's folder and makes hidden temporary folders. Errors: Errc::output_unwritable.
  static Result<RenderFiles> prepare(boost::asio::any_io_executor executor, const RenderOptions& options);

  const std::filesystem::path& chunk_dir() const { return chunks_ ? chunks_->path() : stage_.path(); }
  /// The file to assemble into: in the output's own folder, since rename(2) does not cross file systems.
  std::filesystem::path unfinished() const { return stage_.path() / "final.mp4"; }
  /// Gives the unfinished file its final name, in one step.
  Result<void> publish();

 private:
  RenderFiles(GuardedDir stage, std::optional<GuardedDir> chunks, std::filesystem::path output, bool overwrite)
      : stage_(std::move(stage)), chunks_(std::move(chunks)), output_(std::move(output)), overwrite_(overwrite) {}

  GuardedDir stage_;                  ///< in the output's folder
  std::optional<GuardedDir> chunks_;  ///< in RenderOptions::work_dir, if given
  std::filesystem::path output_;
  bool overwrite_;
};

/// The HTML file or URL that workers are given: folders become their index.html, paths absolute. Errors:
/// Errc::composition_not_found.
Result<std::string> resolve_composition(const std::string& composition);

}  // namespace orchestrator
