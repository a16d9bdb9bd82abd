#include "render/built_project.hpp"

#include "base/file_request.hpp"
#include "base/project_script.hpp"
#include "values/page_type.hpp"

#include <orchestrator/worker/composition.hpp>

#include <algorithm>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

/// The files of a folder, without those in folders inside it; none if it cannot be read. Sorted, so that all workers get the
/// same.
template <class Predicate>
std::vector<fs::path> files_in(const fs::path& folder, Predicate is_wanted) {
  std::error_code failed;
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    std::error_code gone;
    if (is_wanted(entry->path()) && entry->is_regular_file(gone)) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool is_style_sheet(const fs::path& file) { return mime_type(file).starts_with("text/css"); }

}  // namespace

std::vector<fs::path> project_scripts(const fs::path& folder) {
  auto scripts = files_in(folder, is_project_script);
  const auto more = files_in(folder / "src", is_project_script);
  scripts.insert(scripts.end(), more.begin(), more.end());
  return scripts;
}

PageSettings with_style_sheets(PageSettings page, const std::string& composition) {
  const bool is_script = !is_web_url(composition) && is_script_type(mime_type(composition));
  if (!is_script || !page.style_sheets.empty()) return page;
  const fs::path root = composition_root(composition);
  // Where Vite puts them by default, and where the plugins of these systems have it put them.
  for (const fs::path& folder : {root, root / "assets"}) {
    for (const fs::path& file : files_in(folder, is_style_sheet))
      page.style_sheets.push_back("/" + encode_path(file.lexically_relative(root).generic_string()));
  }
  return page;
}

}  // namespace orchestrator
