#pragma once

#include <string>
#include <string_view>

namespace orchestrator {

/// Whether a browser shows what has this media type as a page with scripts and styles of its own: HTML, and XML of every kind,
/// SVG among it. Of pictures, media and texts it makes a page of its own, which is not what anybody means to film.
bool is_page_type(std::string_view media_type);

/// What to say of a composition, a path or a URL, that is none.
std::string no_page_text(std::string_view composition, std::string_view media_type);

}  // namespace orchestrator
