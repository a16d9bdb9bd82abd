#pragma once

#include <string>
#include <string_view>

namespace orchestrator {

/// Whether a document of this media type is a page with its own scripts and styles: HTML, and XML of every kind, including SVG.
/// Around pictures, media and text, a browser builds a page itself, which nobody means to film.
bool is_page_type(std::string_view media_type);

/// Whether it is JavaScript: a script on its own may be a built project, which has no page.
bool is_script_type(std::string_view media_type);

/// The error text for a composition (a path or a URL) whose media type is not a page's.
std::string no_page_text(std::string_view composition, std::string_view media_type);

}  // namespace orchestrator
