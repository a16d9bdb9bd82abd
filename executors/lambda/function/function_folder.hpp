#pragma once

#include <orchestrator/worker/guarded_dir.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace orchestrator::lambda {

/// The folder of a function's temporary files, locked for as long as its process lives: so the next process can tell what a dead
/// one left from what a live one needs. They share a temporary folder outside of Lambda, and in an environment that was reset.
struct FunctionFolder {
  GuardedDir folder;
  UniqueFd lock;

  /// Removes the folders of dead functions in `temporary`, and makes one there. Errors: Errc::internal, naming the folder.
  static Result<FunctionFolder> create(const boost::asio::any_io_executor& executor, const std::filesystem::path& temporary);
};

}  // namespace orchestrator::lambda
