#pragma once

#include "process/guarded_dir.hpp"
#include "render/output_lock.hpp"

#include <orchestrator/render_plan.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace orchestrator {

/// Where a render keeps its files until it is done, and how the finished file gets its name. Everything temporary is removed
/// when this object or this process ends.
class RenderFiles {
 public:
  /// Checks the output's folder, locks the output and makes hidden temporary folders. Errors: Errc::output_unwritable.
  static Result<RenderFiles> prepare(boost::asio::any_io_executor executor, const RenderPlan& plan);

  const std::filesystem::path& chunk_dir() const { return chunks_ ? chunks_->path() : stage_.path(); }
  /// The file to assemble into: in the output's own folder, since rename(2) does not cross file systems.
  std::filesystem::path unfinished() const { return stage_.path() / unfinished_; }
  /// The error, naming the folder, if somebody has removed or renamed one that the render needs.
  std::optional<Error> lost_folder() const;
  /// Gives the unfinished file its final name, in one step.
  Result<void> publish();

 private:
  RenderFiles(OutputLock lock, GuardedDir stage, std::optional<GuardedDir> chunks, std::filesystem::path output,
              const RenderPlan& plan)
      : lock_(std::move(lock)),
        stage_(std::move(stage)),
        chunks_(std::move(chunks)),
        output_(std::move(output)),
        unfinished_(plan.concat_output_file),
        overwrite_(plan.options->overwrite) {}

  OutputLock lock_;                   ///< the first member, so that it is released after all others
  GuardedDir stage_;                  ///< in the output's folder
  std::optional<GuardedDir> chunks_;  ///< in RenderOptions::work_dir, if given
  std::filesystem::path output_;
  std::string unfinished_;
  bool overwrite_;
};

}  // namespace orchestrator
