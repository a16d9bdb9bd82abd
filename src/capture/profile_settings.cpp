#include "capture/profile_settings.hpp"

#include <fstream>
#include <string_view>
#include <system_error>

namespace orchestrator {

namespace {

// The names are those of chrome/common/pref_names.h. "none" is no scheme of HTTP authentication, so no login is offered.
// Fetch.enable with handleAuthRequests would prevent logins, too, but would intercept every request.
constexpr std::string_view browser_settings = R"({"auth":{"schemes":"none"}})";

// Switches off window.print() and document.execCommand('print') in every frame.
constexpr std::string_view page_settings = R"({"printing":{"enabled":false}})";

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
