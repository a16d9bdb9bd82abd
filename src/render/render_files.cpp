#include "render/render_files.hpp"

#include "render/output_target.hpp"
#include "render/publish.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cerrno>
#include <vector>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

Result<GuardedDir> make_hidden_folder(const asio::any_io_executor& executor, const fs::path& parent) {
  if (auto named = check_name(parent); !named) return named.error();
  auto folder = GuardedDir::create(executor, parent, ".orchestrator-");
  if (!folder) return output_unwritable("cannot write in " + parent.string() + " (" + folder.error().detail + ")");
  if (auto reason = why_unfit_for_work(folder->path()))
    return output_unwritable("cannot work in " + parent.string() + ": " + *reason);
  return folder;
}

/// What a user can do whose film cannot be made beside the output.
Error with_work_dir_advice(Error error, const fs::path& output) {
  if (check_writable(output)) error.detail += "; name a folder on another disk for the work (work_dir, --work-dir)";
  return error;
}

}  // namespace

Result<RenderFiles> RenderFiles::prepare(asio::any_io_executor executor, const RenderPlan& plan) {
  const RenderOptions& options = *plan.options;
  auto output = find_output(options);
  if (!output) return output.error();
  auto lock = OutputLock::take(executor, *output);
  if (!lock) return lock.error();
  std::optional<GuardedDir> chunks;
  if (!options.work_dir.empty()) {
    std::error_code failed;
    const fs::path work_dir = fs::absolute(options.work_dir, failed);
    if (!fs::is_directory(work_dir, failed)) {
      return output_unwritable("there is no folder " + work_dir.string() + " to work in (work_dir, --work-dir): make it first");
    }
    auto made = make_hidden_folder(executor, work_dir);
    if (!made) return made.error();
    chunks.emplace(std::move(*made));
  }
  auto stage = make_hidden_folder(executor, output->parent_path());
  if (stage) return RenderFiles(std::move(*lock), std::move(*stage), std::move(chunks), std::move(*output), plan);
  if (!chunks) return with_work_dir_advice(stage.error(), *output);
  if (auto writable = check_writable(*output); !writable) return writable.error();
  return RenderFiles(std::move(*lock), std::move(*chunks), std::nullopt, std::move(*output), plan);
}

std::optional<Error> RenderFiles::lost_folder() const {
  std::error_code failed;
  for (const fs::path& folder : {stage_.path(), chunk_dir()}) {
    if (fs::status(folder, failed).type() != fs::file_type::not_found) continue;
    return output_unwritable("the folder " + folder.parent_path().string() +
                             ", or the hidden one in it that the render works in, was removed or renamed while rendering");
  }
  return std::nullopt;
}

asio::awaitable<Result<void>> RenderFiles::publish() {
  const int error = give_name(unfinished(), output_, overwrite_);
  if (error == 0) co_return Result<void>();
  if (auto lost = lost_folder()) co_return std::move(*lost);
  stage_.keep();  // a finished film is not removed, even if this process is killed now
  Result<void> published = appeared(output_);
  if (error != EEXIST) published = co_await copy_film(unfinished(), output_, overwrite_);
  if (published) {
    stage_.remove();
    co_return published;
  }
  remove_all_but_film();
  Error failure = published.error();
  failure.detail += "; the film is finished and lies in " + unfinished().string();
  co_return failure;
}

void RenderFiles::remove_all_but_film() const {
  std::error_code failed;
  std::vector<fs::path> others;
  for (fs::directory_iterator entry(stage_.path(), failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path() != unfinished()) others.push_back(entry->path());
  }
  for (const fs::path& other : others) fs::remove_all(other, failed);
}

}  // namespace orchestrator
