#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// How long, in real time, an answer of another server than the composition's is waited for, by the runtime in the page, too.
constexpr std::chrono::seconds foreign_limit{5};

/// What a page has begun and the browser has not ended, by the browser's own account: requests (Network domain) and frames that
/// load (Page domain). The page's time stands still for it, so that what comes of it belongs to the frame that began it.
///
/// Chromium sends these events from the page's main thread, in order with the replies to Runtime.evaluate: whatever a call
/// into the page began is known when its reply is there.
class UnderWay {
 public:
  using Clock = std::chrono::steady_clock;
  struct Request {
    std::string type{};  ///< Network.ResourceType
    std::string url{};
    std::string frame{};   ///< that it belongs to
    std::string loader{};  ///< the document in that frame
    Clock::time_point since{};
    bool awaited{false};
    bool told{false};  ///< that it failed
  };

  /// Not awaited: what never ends, what the page does not hear of, what the runtime in the page waits for by itself, and
  /// URLs that were given up.
  void request_begins(const std::string& id, Request request);
  /// Nothing if it is unknown or over.
  Request* find(const std::string& id);
  void request_ends(const std::string& id);

  /// It is to leave its document (Page.frameScheduledNavigation), or loads another one.
  void frame_begins(const std::string& frame, std::string_view url, Clock::time_point now);
  void frame_ends(const std::string& frame);

  void frame_comes(const std::string& frame, const std::string& parent);
  /// The frame shows the document of this loader. What the one before began is nobody's any longer, and the browser may never
  /// tell its end (favicon.ico of a page that leaves at once).
  void document_comes(const std::string& frame, std::string_view loader);

  /// From here on it is noted what begins, but for fonts, which the runtime waits for in each step, and for what a frame needs
  /// to load, whose end it waits for.
  void note_what_begins() { begun_.clear(); }
  /// Something began that is none of `waited_for`: the page may have gone on without it.
  bool went_on(const std::set<std::string>& waited_for) const;

  /// Nothing is awaited.
  bool quiet() const;
  /// What is, for people: at most four.
  std::string describe() const;
  /// When something is given up next; a composition's own files never are.
  Clock::time_point limit() const;
  /// Gives up what is over its limit, and says what that was.
  std::vector<std::string> give_up(Clock::time_point now);
  void clear();

 private:
  struct Frame {
    std::string url{};
    Clock::time_point since{};
  };
  std::map<std::string, Request> requests_{};
  std::map<std::string, Frame> frames_{};
  std::map<std::string, std::string> parents_{};   // of frames
  std::set<std::string> begun_{};                  // URLs
  std::set<std::string, std::less<>> given_up_{};  // URLs without their queries
};

/// Whether the end of such a request is waited for: `type` as in Network.ResourceType, `loader` the document's.
bool is_awaited(std::string_view type, std::string_view loader);

}  // namespace orchestrator
