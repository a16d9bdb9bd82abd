#include "capture/profile_settings.hpp"

#include <fstream>
#include <string_view>
#include <system_error>

namespace orchestrator {

namespace {

// The names are those of chrome/common/pref_names.h. "none" is no scheme of HTTP authentication, so no login is offered.
// Fetch.enable with handleAuthRequests would prevent logins, too, but would intercept every request.
constexpr std::string_view browser_settings = R"({"auth":{"schemes":"none"}})";

// "printing" switches off window.print() and document.execCommand('print') in every frame. A browser connects to its default
// search engine at start, so that is one at port 1 of this machine, where nobody listens.
constexpr std::string_view page_settings = R"({"printing":{"enabled":false},"default_search_provider_data":{"template_url_data":{
  "id":"9","short_name":"none","keyword":"none","url":"http://127.0.0.1:1/?q={searchTerms}","safe_for_autoreplace":false,
  "synced_guid":"485bf7d3-0215-45af-87dc-538868000999"}}})";

bool write(const std::filesystem::path& file, std::string_view text) {
  return static_cast<bool>((std::ofstream(file) << text).flush());
}

}  // namespace

bool write_profile_settings(const std::filesystem::path& profile) {
  std::error_code failed;
  std::filesystem::create_directories(profile / "Default", failed);
  return write(profile / "Local State", browser_settings) && write(profile / "Default" / "Preferences", page_settings);
}

}  // namespace orchestrator
