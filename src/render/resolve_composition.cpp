#include "render/resolve_composition.hpp"

#include "base/address_hint.hpp"
#include "base/file_request.hpp"
#include "base/no_file.hpp"
#include "base/text_tail.hpp"
#include "base/web_url.hpp"
#include "render/built_project.hpp"
#include "render/foreign_project.hpp"
#include "values/page_type.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

/// What the user should write instead, if that can be guessed.
std::string hint(const std::string& composition) {
  std::error_code failed;
  if (std::string address = address_hint(composition); !address.empty()) return address;
  const std::string file = composition.substr(0, composition.find_first_of("?#"));
  if (file.size() == composition.size() || !fs::exists(file, failed)) return {};
  return ": a file takes no ?query and no #fragment; write " + file +
         " and hand over data as props (--props), or serve it by HTTP";
}

/// Of which project of another system a folder is the source, if it is one.
std::string project_in(const fs::path& folder) {
  std::string package;
  if (why_no_file(folder / "package.json").empty()) {
    std::ifstream stream(folder / "package.json", std::ios::binary);
    package.assign(std::istreambuf_iterator<char>(stream), {});
  }
  return foreign_project(package);
}

/// What the user may mean by a folder without an index.html.
std::string other_pages(const fs::path& folder) {
  if (const std::string project = project_in(folder); !project.empty()) return project;
  if (!project_scripts(folder).empty())
    return "there are several scripts of projects: give a page that puts one of them into window.orchestratorProject";
  std::error_code failed;
  std::vector<std::string> names;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (mime_type(entry->path()).starts_with("text/html")) names.push_back(entry->path().filename().string());
  }
  if (names.empty()) return "give the HTML file of the page";
  return "give the page itself, such as " + (folder / *std::min_element(names.begin(), names.end())).string();
}

/// The page of a folder: its index.html, or the script of a built project.
fs::path page_of(const fs::path& folder) {
  const fs::path page = folder / "index.html";
  std::error_code failed;
  if (fs::exists(page, failed) || !project_in(folder).empty()) return page;
  const auto scripts = project_scripts(folder);
  return scripts.size() == 1 ? scripts.front() : page;
}

/// Whether a file whose name does not tell its type may be a page: a tag comes after blanks. The browser, which looks into such a
/// file, too, has the last word.
bool may_be_page(const fs::path& file) {
  constexpr std::string_view blanks = " \t\r\n\f";
  std::ifstream stream(file, std::ios::binary);
  char first = 0;
  while (stream.get(first) && blanks.find(first) != std::string_view::npos) continue;
  return stream && first == '<';
}

}  // namespace

Result<std::string> resolve_composition(const std::string& composition) {
  if (is_web_url(composition)) return composition;
  const auto missing = [](std::string detail) {
    return Error{.code = Errc::composition_not_found, .detail = std::move(detail), .stage = Stage::load};
  };
  if (composition.find("://") != std::string::npos) {
    return missing("composition: only http and https URLs, files and folders can be rendered, not '" +
                   without_login(composition) + "'" + hint(without_login(composition)));
  }
  std::error_code failed;
  fs::path path = fs::absolute(composition, failed);
  if (const std::string text = valid_utf8(path.string()); text != path.string())
    return missing("composition: the path " + text + " is not valid UTF-8, in which workers are told of it: rename it");
  const fs::path folder = fs::is_directory(path, failed) ? path : fs::path();
  if (!folder.empty()) {
    path = page_of(folder);
  } else if (const fs::path root = composition_root(path); root != path.parent_path()) {
    return missing("composition: the page of " + path.string() + " may ask for all files of the folder around src: give that, " +
                   root.string());
  }
  if (const std::string reason = why_no_file(path); !reason.empty()) {
    const bool is_there = fs::exists(path, failed) || failed;
    if (is_there) return missing("composition: cannot read " + path.string() + ": " + reason);
    const std::string help = folder.empty() ? hint(composition) : ": the folder has none; " + other_pages(folder);
    return missing("composition: there is no file " + path.string() + help);
  }
  if (mime_type(path) == unknown_type && may_be_page(path)) return path.string();
  if (!is_page_type(mime_type(path)) && !is_script_type(mime_type(path)))
    return missing("composition: " + no_page_text(path.string(), mime_type(path)));
  return path.string();
}

}  // namespace orchestrator
