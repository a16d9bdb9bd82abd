#pragma once

#include <string_view>

namespace orchestrator {

/// Whether a composition or a sound comes from the web; otherwise its name is a path.
inline bool is_web_url(std::string_view name) { return name.starts_with("http://") || name.starts_with("https://"); }

}  // namespace orchestrator
