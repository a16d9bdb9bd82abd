#pragma once

#include <orchestrator/error.hpp>

#include <string>
#include <string_view>

namespace orchestrator::tool {

/// A message about RenderOptions with the command line's options in place of its fields: "video.width is 0" becomes
/// "--width is 0". Pure.
std::string with_option_names(std::string_view text);

/// The same for an error: all of it if the options were wrong, else only the limits it cites ("(timeouts.total)"), because
/// the rest may quote a page.
Error in_option_names(Error error);

}  // namespace orchestrator::tool
