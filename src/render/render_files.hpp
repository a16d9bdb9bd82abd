#pragma once

#include "render/output_lock.hpp"

#include <orchestrator/render_plan.hpp>
#include <orchestrator/worker/guarded_dir.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace orchestrator {

/// Where a render keeps its files until it is done, and how the finished file gets its name. Everything temporary is removed
/// when this object or this process ends.
class RenderFiles {
 public:
  /// Checks the output, locks it and makes hidden temporary folders, in which all that the end takes is tried now. Errors:
  /// Errc::output_unwritable.
  static Result<RenderFiles> prepare(boost::asio::any_io_executor executor, const RenderPlan& plan);

  const std::filesystem::path& chunk_dir() const { return chunks_ ? chunks_->path() : stage_.path(); }
  /// The file to assemble into: in the output's own folder, since rename(2) does not cross file systems; in
  /// RenderOptions::work_dir if that folder is not fit for work.
  std::filesystem::path unfinished() const { return stage_.path() / unfinished_; }
  /// Where the finished film goes: absolute, and no link.
  const std::filesystem::path& output() const { return output_; }
  /// From now on, the output is an error if anything has its name.
  void replace_nothing() { overwrite_ = false; }
  bool replaces() const { return overwrite_; }
  /// Why no lock keeps other renders from the output; empty if one does.
  const std::string& lock_fault() const { return lock_.fault(); }
  /// The error, naming the folder, if somebody has removed or renamed one that the render needs.
  std::optional<Error> lost_folder() const;
  /// Gives the finished film its name, in one step where the file system has one, by copying otherwise. If that fails, the film
  /// stays where it is, and the error says where. Cancellation: none. Errors: Errc::output_unwritable.
  boost::asio::awaitable<Result<void>> publish();

 private:
  RenderFiles(OutputLock lock, GuardedDir stage, std::optional<GuardedDir> chunks, std::filesystem::path output,
              const RenderPlan& plan)
      : lock_(std::move(lock)),
        stage_(std::move(stage)),
        chunks_(std::move(chunks)),
        output_(std::move(output)),
        unfinished_(plan.concat_output_file),
        overwrite_(plan.options->overwrite) {}

  void remove_all_but_film() const;

  OutputLock lock_;                   ///< the first member, so that it is released after all others
  GuardedDir stage_;                  ///< where the film is made
  std::optional<GuardedDir> chunks_;  ///< in RenderOptions::work_dir, if given
  std::filesystem::path output_;      ///< absolute, and no link
  std::string unfinished_;
  bool overwrite_;
};

}  // namespace orchestrator
