#include "capture/profile_settings.hpp"

#include <fstream>
#include <string_view>
#include <system_error>

namespace orchestrator {

namespace {

// Names of chrome/common/pref_names.h. Fetch.enable with handleAuthRequests would do for logins too, but at the price of a
// look at every request. "none" is no scheme of HTTP authentication, so that none is offered.
constexpr std::string_view browser_settings = R"({"auth":{"schemes":"none"}})";

// Covers window.print() and document.execCommand('print') in every frame.
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
