#include "schedule/resolve_composition.hpp"

#include "http/web_url.hpp"

#include <filesystem>
#include <string_view>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

/// "localhost:8000/x", "www.example.com", "10.0.0.1:80": a URL without its scheme, as browsers take it.
bool looks_like_host(std::string_view composition) {
  const std::string_view authority = composition.substr(0, composition.find_first_of("/?#"));
  if (authority == "localhost" || authority.starts_with("www.")) return true;
  const auto colon = authority.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view port = authority.substr(colon + 1);
  return !port.empty() && port.find_first_not_of("0123456789") == std::string_view::npos;
}

/// What to write instead, if that can be guessed.
std::string hint(const std::string& composition) {
  std::error_code failed;
  constexpr std::string_view file_url = "file://";
  if (composition.starts_with(file_url)) return ": write the file's path, " + composition.substr(file_url.size());
  if (looks_like_host(composition)) return ": if it is a URL, write http://" + composition;
  const std::string file = composition.substr(0, composition.find_first_of("?#"));
  if (file.size() == composition.size() || !fs::exists(file, failed)) return {};
  return ": a file takes no ?query and no #fragment; write " + file +
         " and hand over data as props (--props), or serve it by HTTP";
}

}  // namespace

Result<std::string> resolve_composition(const std::string& composition) {
  if (is_web_url(composition)) return composition;
  const auto missing = [](std::string detail) {
    return Error{.code = Errc::composition_not_found, .detail = std::move(detail), .stage = Stage::load};
  };
  if (composition.find("://") != std::string::npos) {
    return missing("composition: only http and https URLs, files and folders can be rendered, not '" + composition + "'" +
                   hint(composition));
  }
  std::error_code failed;
  fs::path path = fs::absolute(composition, failed);
  if (fs::is_directory(path, failed)) path /= "index.html";
  if (!fs::is_regular_file(path, failed)) return missing("composition: there is no file " + path.string() + hint(composition));
  return path.string();
}

}  // namespace orchestrator
