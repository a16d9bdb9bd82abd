#include "values/page_type.hpp"

namespace orchestrator {

namespace {

/// A media type without its parameters: "text/html" of "text/html; charset=utf-8".
std::string_view essence_of(std::string_view media_type) { return media_type.substr(0, media_type.find_first_of("; ")); }

}  // namespace

bool is_page_type(std::string_view media_type) {
  const std::string_view type = essence_of(media_type);
  return type == "text/html" || type == "text/xml" || type == "application/xml" || type.ends_with("+xml");
}

bool is_script_type(std::string_view media_type) {
  const std::string_view type = essence_of(media_type);
  return type.ends_with("/javascript") || type.ends_with("/x-javascript") || type.ends_with("/ecmascript");
}

std::string no_page_text(std::string_view composition, std::string_view media_type) {
  const std::string_view type = essence_of(media_type);
  std::string text(composition);
  if (type == "application/octet-stream") {
    text += " is no page that a browser could show (application/octet-stream)";
  } else {
    text += " is " + std::string(type) + ", not a page";
  }
  const bool fits_page = type.starts_with("image/") || type.starts_with("video/") || type.starts_with("audio/");
  text +=
      ": give an HTML or SVG file, a folder with an index.html, the script of a built project of Motion Canvas or Revideo, "
      "or the URL of one of them";
  return fits_page ? text + "; to film this, show it in a page" : text;
}

}  // namespace orchestrator
