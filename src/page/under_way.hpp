#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// How long, in real time, an answer is waited for from a server other than the composition's. The runtime in the page has the
/// same limit.
constexpr std::chrono::seconds foreign_limit{5};

/// What a page has begun and the browser has not reported as ended: requests (Network domain) and frames that load (Page domain).
/// The page's time stands still meanwhile, so that what comes of it belongs to the frame of the film in which it began.
///
/// Chromium sends these events from the page's main thread, in order with the replies to Runtime.evaluate: whatever a call
/// into the page began is known when its reply is there.
class UnderWay {
 public:
  using Clock = std::chrono::steady_clock;
  struct Request {
    std::string type{};  ///< Network.ResourceType
    std::string url{};
    std::string frame{};   ///< the one that the request belongs to
    std::string loader{};  ///< the document in that frame
    Clock::time_point since{};
    bool awaited{false};
    bool told{false};  ///< a failure was logged, or needs no logging
  };

  /// A request with a URL that was given up is not awaited, whatever `awaited` says.
  void request_begins(const std::string& id, Request request);
  /// nullptr if the request is unknown or has ended.
  Request* find(const std::string& id);
  void request_ends(const std::string& id);

  /// The frame is about to leave its document (Page.frameScheduledNavigation), or loads another one.
  void frame_begins(const std::string& frame, std::string_view url, Clock::time_point now);
  void frame_ends(const std::string& frame);
  bool has_loading_frames() const noexcept { return !frames_.empty(); }

  void frame_comes(const std::string& frame, const std::string& parent);
  /// The frame shows the document of this loader. Requests of its previous document are forgotten: the browser may never report
  /// their end (favicon.ico of a page that leaves at once).
  void document_comes(const std::string& frame, std::string_view loader);

  /// From here on, what begins is noted for went_on(). Not noted are redirections, images with data: and blob:
  /// URLs, fonts, which the runtime waits for in each step, and what a loading frame requests, because the runtime waits until
  /// the frame has loaded.
  void note_what_begins() { begun_.clear(); }
  /// True if something began that is not in `waited_for` (URLs): the page may have gone on without it.
  bool went_on(const std::set<std::string>& waited_for) const;

  /// True if nothing is awaited.
  bool quiet() const;
  /// What is awaited, for people; at most four are named.
  std::string describe() const;
  /// When something is given up next; a composition's own files never are.
  Clock::time_point limit() const;
  /// Gives up what is over its limit. Returns what that was, but nothing that was given up before.
  std::vector<std::string> give_up(Clock::time_point now);
  void clear();

 private:
  struct Frame {
    std::string url{};
    Clock::time_point since{};
  };
  std::map<std::string, Request> requests_{};
  std::map<std::string, Frame> frames_{};
  std::map<std::string, std::string> parents_{};   // of each frame
  std::set<std::string> begun_{};                  // URLs
  std::set<std::string, std::less<>> given_up_{};  // URLs without their queries
};

/// Whether the end of a request is waited for; `type` is its Network.ResourceType, `loader` that of its document. Not awaited is
/// what never ends, what the page does not hear of, and what the runtime in the page waits for by itself.
bool is_awaited(std::string_view type, std::string_view loader);

}  // namespace orchestrator
