#include "schedule/render_files.hpp"

#include <fcntl.h>
#include <stdlib.h>

#include <cstdio>
#include <cstring>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

Error unwritable(std::string detail) {
  return Error{.code = Errc::output_unwritable, .detail = std::move(detail), .stage = Stage::start};
}

Result<fs::path> make_hidden_folder(const fs::path& parent, const fs::path& output) {
  std::string name = (parent / ("." + output.stem().string() + ".orchestrator-XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) {
    return unwritable("cannot write in " + parent.string() + ": " + std::strerror(errno));
  }
  return fs::path(name);
}

Result<void> check_output(const RenderOptions& options, const fs::path& folder) {
  std::error_code failed;
  if (!fs::is_directory(folder, failed)) return unwritable("the output folder " + folder.string() + " does not exist");
  if (fs::is_directory(options.output, failed)) return unwritable(options.output.string() + " is a folder");
  if (!options.overwrite && fs::exists(options.output, failed)) {
    return unwritable(options.output.string() + " exists; ask for overwriting (--overwrite) to replace it");
  }
  return {};
}

}  // namespace

Result<RenderFiles> RenderFiles::prepare(const RenderOptions& options) {
  RenderFiles files;
  std::error_code failed;
  files.output_ = fs::absolute(options.output, failed);
  files.overwrite_ = options.overwrite;
  const fs::path folder = files.output_.parent_path();
  if (auto checked = check_output(options, folder); !checked) return checked.error();
  auto stage = make_hidden_folder(folder, files.output_);
  if (!stage) return stage.error();
  files.stage_dir_ = *stage;
  files.chunk_dir_ = *stage;
  if (!options.work_dir.empty()) {
    auto chunks = make_hidden_folder(fs::absolute(options.work_dir, failed), files.output_);
    if (!chunks) return chunks.error();
    files.chunk_dir_ = *chunks;
  }
  return files;
}

RenderFiles::~RenderFiles() {
  std::error_code ignored;
  for (const fs::path& path : temporary_paths()) fs::remove_all(path, ignored);
}

std::vector<fs::path> RenderFiles::temporary_paths() const {
  std::vector<fs::path> paths;
  if (!stage_dir_.empty()) paths.push_back(stage_dir_);
  if (!chunk_dir_.empty() && chunk_dir_ != stage_dir_) paths.push_back(chunk_dir_);
  return paths;
}

Result<void> RenderFiles::publish() {
  // RENAME_NOREPLACE: somebody may have made the file meanwhile. Some file systems do not know the flag (EINVAL).
  const unsigned flags = overwrite_ ? 0U : RENAME_NOREPLACE;
  int status = ::renameat2(AT_FDCWD, unfinished().c_str(), AT_FDCWD, output_.c_str(), flags);
  if (status != 0 && errno == EINVAL && flags != 0) status = std::rename(unfinished().c_str(), output_.c_str());
  if (status == 0) return {};
  return unwritable("cannot give " + output_.string() + " its name: " + std::strerror(errno));
}

Result<std::string> resolve_composition(const std::string& composition) {
  if (composition.starts_with("http://") || composition.starts_with("https://")) return composition;
  const auto missing = [](std::string detail) {
    return Error{.code = Errc::composition_not_found, .detail = std::move(detail), .stage = Stage::load};
  };
  if (const auto scheme = composition.find("://"); scheme != std::string::npos) {
    return missing("composition: only http and https URLs, files and folders can be rendered, not '" + composition + "'");
  }
  std::error_code failed;
  fs::path path = fs::absolute(composition, failed);
  if (fs::is_directory(path, failed)) path /= "index.html";
  if (!fs::is_regular_file(path, failed)) return missing("composition: there is no file " + path.string());
  return path.lexically_normal().string();
}

}  // namespace orchestrator
