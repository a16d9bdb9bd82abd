#pragma once

#include <orchestrator/worker/composition.hpp>

#include <string>
#include <string_view>

namespace orchestrator {

/// A URL as programs take it that know schemes in small letters only, such as ffmpeg. Other names stay as they are.
std::string with_lower_scheme(std::string url);
/// Why no server can be asked for a web URL, without naming its login: "its port is not 0 ... 65535"; empty if one can.
std::string url_fault(std::string_view url);

/// Removes user and password from a URL (RFC 3986, 3.2.1). Returns them as "USER:PASSWORD", decoded; empty if there are none.
std::string take_login(std::string& url);
/// without_login(), but with `***@` in its place, for texts that are kept. What has such a login cannot be asked for.
std::string with_hidden_login(std::string url);
bool has_hidden_login(std::string_view url);

}  // namespace orchestrator
