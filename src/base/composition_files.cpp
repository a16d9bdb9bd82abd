#include "base/file_request.hpp"
#include "base/project_script.hpp"

#include <orchestrator/worker/composition.hpp>

#include <algorithm>
#include <vector>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

class Walk {
 public:
  Walk(const fs::path& root, std::size_t most) : root_(root), most_(most) {}

  Result<std::set<std::string>> run() {
    std::error_code failed;
    const fs::path real = fs::canonical(root_, failed);
    if (!failed) {
      around_.push_back(real);
      enter({});
    } else {
      unreadable(root_, failed);
    }
    if (failure_) return *failure_;
    return std::move(names_);
  }

 private:
  /// Adds what is in a folder. `below` is its path below the root, by which a page names it.
  void enter(const fs::path& below) {
    std::error_code failed;
    const fs::path folder = below.empty() ? root_ : root_ / below;
    for (fs::directory_iterator entry(folder, failed), end; !failed && !failure_ && entry != end; entry.increment(failed)) {
      const fs::path name = below / entry->path().filename();
      std::error_code nowhere;  // a link to itself or to nothing is skipped: no server finds it either
      if (name.filename().native().starts_with('.')) continue;
      if (entry->is_directory(nowhere)) {
        enter_once(entry->path(), name);
      } else if (resolve_file(root_, "/" + encode_path(name.generic_string()))) {
        add(name.generic_string());
      }
    }
    if (failed) unreadable(folder, failed);
  }

  void add(std::string name) {
    names_.insert(std::move(name));
    if (names_.size() <= most_) return;
    failure_ = Error{.code = Errc::composition_not_found,
                     .detail = "the folder " + root_.string() + " has more than " + std::to_string(most_) +
                               " files: give the composition a folder of its own",
                     .stage = Stage::load};
  }

  void enter_once(const fs::path& folder, const fs::path& name) {
    std::error_code failed;
    const fs::path real = fs::canonical(folder, failed);
    const bool is_around = std::find(around_.begin(), around_.end(), real) != around_.end();
    const auto below_root = real.lexically_relative(around_.front());
    if (failed || is_around || below_root.empty() || *below_root.begin() == "..") return;
    around_.push_back(real);
    enter(name);
    around_.pop_back();
  }

  void unreadable(const fs::path& folder, const std::error_code& reason) {
    failure_ = Error{.code = Errc::composition_not_found,
                     .detail = "cannot read " + folder.string() + ": " + reason.message(),
                     .stage = Stage::load};
  }

  const fs::path& root_;
  std::size_t most_;
  std::vector<fs::path> around_{};  ///< canonical paths of the folders that the walk is in, the root first
  std::set<std::string> names_{};
  std::optional<Error> failure_{};
};

}  // namespace

fs::path v0::composition_root(const fs::path& document) {
  const fs::path folder = document.parent_path();
  return is_project_script(document) && folder.filename() == "src" ? folder.parent_path() : folder;
}

std::string v0::composition_name(const fs::path& document) {
  return document.lexically_relative(composition_root(document)).generic_string();
}

Result<std::set<std::string>> v0::composition_files(const fs::path& folder, std::size_t most) { return Walk(folder, most).run(); }

}  // namespace orchestrator
