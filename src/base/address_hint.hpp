#pragma once

#include <string>
#include <string_view>

namespace orchestrator {

/// What to write instead of a name that is neither a file nor a URL that can be read, if that can be guessed: the path in a file:
/// URL, the scheme before a host. As the end of a sentence (": write ..."); empty if nothing can be guessed.
std::string address_hint(std::string_view name);

}  // namespace orchestrator
