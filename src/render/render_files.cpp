#include "render/render_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

Error unwritable(std::string detail) {
  return Error{.code = Errc::output_unwritable, .detail = std::move(detail), .stage = Stage::start};
}

Result<GuardedDir> make_hidden_folder(const boost::asio::any_io_executor& executor, const fs::path& parent) {
  auto folder = GuardedDir::create(executor, parent, ".orchestrator-");
  if (!folder) return unwritable("cannot write in " + parent.string() + " (" + folder.error().detail + ")");
  return folder;
}

Result<void> check_output(const RenderOptions& options, const fs::path& folder) {
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) return unwritable("the output folder " + folder.string() + " does not exist");
  const fs::file_status there = fs::symlink_status(options.output, failed);
  if (fs::is_directory(options.output, failed)) return unwritable(options.output.string() + " is a folder");
  if (!options.overwrite && fs::exists(there)) {
    return unwritable(options.output.string() + " exists; ask for overwriting (--overwrite) to replace it");
  }
  return {};
}

}  // namespace

Result<RenderFiles> RenderFiles::prepare(boost::asio::any_io_executor executor, const RenderPlan& plan) {
  const RenderOptions& options = *plan.options;
  std::error_code failed;
  fs::path output = fs::absolute(options.output, failed);
  if (auto checked = check_output(options, output.parent_path()); !checked) return checked.error();
  auto lock = OutputLock::take(executor, output);
  if (!lock) return lock.error();
  auto stage = make_hidden_folder(executor, output.parent_path());
  if (!stage) return stage.error();
  std::optional<GuardedDir> chunks;
  if (!options.work_dir.empty()) {
    auto made = make_hidden_folder(executor, fs::absolute(options.work_dir, failed));
    if (!made) return made.error();
    chunks.emplace(std::move(*made));
  }
  return RenderFiles(std::move(*lock), std::move(*stage), std::move(chunks), std::move(output), plan);
}

std::optional<Error> RenderFiles::lost_folder() const {
  std::error_code failed;
  for (const fs::path& folder : {stage_.path(), chunk_dir()}) {
    if (fs::status(folder, failed).type() != fs::file_type::not_found) continue;
    return unwritable("the folder " + folder.parent_path().string() + ", or the hidden one in it that the render works in, was " +
                      "removed or renamed while rendering");
  }
  return std::nullopt;
}

Result<void> RenderFiles::publish() {
  const fs::path from = unfinished();
  int status = 0;
  if (overwrite_) {
    status = std::rename(from.c_str(), output_.c_str());
  } else {
    // Somebody may have made the file meanwhile, hence RENAME_NOREPLACE. Where the file system does not know that (EINVAL), a
    // hard link serves the purpose.
    status = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, output_.c_str(), RENAME_NOREPLACE);
    if (status != 0 && errno == EINVAL) status = ::link(from.c_str(), output_.c_str());
  }
  if (status == 0) return {};
  const int reason = errno;
  Error error = unwritable("cannot give " + output_.string() + " its name: " + std::strerror(reason));
  if (reason == EEXIST)
    error.detail = output_.string() + " appeared while rendering; ask for overwriting (--overwrite) to replace it";
  error.stage = Stage::assemble;
  return error;
}

}  // namespace orchestrator
