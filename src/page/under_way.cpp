#include "page/under_way.hpp"

#include "serve/composition_server.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace orchestrator {

namespace {

/// A page that polls requests the same URL with another query each time.
std::string_view without_query(std::string_view url) { return url.substr(0, url.find_first_of("?#")); }

bool is_within_page(std::string_view url) { return url.starts_with("data:") || url.starts_with("blob:"); }

}  // namespace

bool is_awaited(std::string_view type, std::string_view loader) {
  // A worker's script and a preflight request have no document. The end of a worker's script is reported to its own session.
  if (loader.empty()) return false;
  // Fetch and XHR are left to the page's runtime, because the browser reports their end only when the page has read the answer.
  // Media: an element reads as much as it needs. The others never end, or the page does not hear of their end.
  constexpr std::array<std::string_view, 10> left_out{
      "Fetch", "XHR", "Media", "WebSocket", "EventSource", "Ping", "CSPViolationReport", "Prefetch", "Preflight", "Manifest"};
  return std::find(left_out.begin(), left_out.end(), type) == left_out.end();
}

void UnderWay::request_begins(const std::string& id, Request request) {
  const bool is_given_up = given_up_.contains(without_query(request.url));
  request.awaited = request.awaited && !is_given_up;
  const bool is_redirection = requests_.contains(id);
  const bool is_at_hand = request.type == "Image" && is_within_page(request.url);
  const bool is_of_loading_frame =
      request.type == "Document" || (parents_.contains(request.frame) && frames_.contains(request.frame));
  const bool is_noted = !is_redirection && !is_at_hand && !is_of_loading_frame && request.type != "Font";
  if (request.awaited && is_noted) begun_.insert(request.url);
  requests_[id] = std::move(request);
}

UnderWay::Request* UnderWay::find(const std::string& id) {
  const auto found = requests_.find(id);
  return found == requests_.end() ? nullptr : &found->second;
}

void UnderWay::request_ends(const std::string& id) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) return;
  // A frame's limit counts from the end of its last request, because each request has a limit of its own.
  const auto frame = frames_.find(found->second.frame);
  if (frame != frames_.end()) frame->second.since = Clock::now();
  requests_.erase(found);
}

void UnderWay::frame_begins(const std::string& frame, std::string_view url, Clock::time_point now) {
  if (given_up_.contains(without_query(url))) return;
  const auto parent = parents_.find(frame);
  const bool is_of_loading_frame =
      parent != parents_.end() && parents_.contains(parent->second) && frames_.contains(parent->second);
  if (!url.empty() && !is_of_loading_frame) begun_.emplace(url);
  Frame& known = frames_[frame];
  known.since = now;
  if (!url.empty()) known.url = url;
}

void UnderWay::frame_ends(const std::string& frame) { frames_.erase(frame); }

void UnderWay::frame_comes(const std::string& frame, const std::string& parent) { parents_[frame] = parent; }

void UnderWay::document_comes(const std::string& frame, std::string_view loader) {
  std::erase_if(requests_, [&](const auto& entry) { return entry.second.frame == frame && entry.second.loader != loader; });
}

bool UnderWay::went_on(const std::set<std::string>& waited_for) const {
  return !std::includes(waited_for.begin(), waited_for.end(), begun_.begin(), begun_.end());
}

bool UnderWay::quiet() const {
  return frames_.empty() &&
         std::none_of(requests_.begin(), requests_.end(), [](const auto& entry) { return entry.second.awaited; });
}

std::string UnderWay::describe() const {
  constexpr std::size_t most = 4;
  std::vector<std::string> all;
  for (const auto& [id, request] : requests_) {
    if (request.awaited) all.push_back(request.type + " " + request.url);
  }
  for (const auto& [id, frame] : frames_) all.push_back("frame " + frame.url);
  std::string text;
  for (std::size_t i = 0; i < std::min(most, all.size()); ++i) text += (i == 0 ? "" : ", ") + all[i];
  return all.size() > most ? text + " and " + std::to_string(all.size() - most) + " more" : text;
}

UnderWay::Clock::time_point UnderWay::limit() const {
  auto first = Clock::time_point::max();
  bool own_files = false;
  for (const auto& [id, request] : requests_) {
    if (!request.awaited) continue;
    if (is_composition_file(request.url)) {
      own_files = true;
    } else {
      first = std::min(first, request.since + foreign_limit);
    }
  }
  if (own_files) return first;  // a frame may be waiting for them, so no frame is given up
  for (const auto& [id, frame] : frames_) first = std::min(first, frame.since + foreign_limit);
  return first;
}

std::vector<std::string> UnderWay::give_up(Clock::time_point now) {
  std::vector<std::string> told;
  bool own_files = false;
  for (auto& [id, request] : requests_) {
    const bool is_own = is_composition_file(request.url);
    own_files = own_files || (is_own && request.awaited);
    if (!request.awaited || is_own || request.since + foreign_limit > now) continue;
    request.awaited = false;
    frames_.erase(request.frame);  // the frame would load until this request ends
    if (given_up_.emplace(without_query(request.url)).second) told.push_back(request.type + " " + request.url);
  }
  for (auto entry = frames_.begin(); entry != frames_.end();) {
    const bool is_over = !own_files && entry->second.since + foreign_limit <= now;
    if (is_over && given_up_.emplace(without_query(entry->second.url)).second) told.push_back("frame " + entry->second.url);
    entry = is_over ? frames_.erase(entry) : std::next(entry);
  }
  return told;
}

void UnderWay::clear() {
  requests_.clear();
  frames_.clear();
  parents_.clear();
  begun_.clear();
  given_up_.clear();
}

}  // namespace orchestrator
