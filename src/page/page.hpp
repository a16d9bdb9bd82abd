#pragma once

#include "cdp/cdp_connection.hpp"
#include "page/load_request.hpp"
#include "page/under_way.hpp"

#include <orchestrator/progress.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orchestrator {

using Deadline = std::chrono::steady_clock::time_point;

/// How long Chromium may take for a command that does not depend on the page's scripts.
inline constexpr std::chrono::seconds chore_limit{10};

struct PageOptions {
  int width{0};
  int height{0};
  bool has_benchmarking{false};  ///< the browser tells the runtime when a frame is on the screen (benchmarking.js)
  bool loses_screen{false};      ///< Chromium stops making frames for some pages (view_transitions.js)
  bool begin_frames{false};      ///< open a page that is drawn by HeadlessExperimental.beginFrame only
  std::function<void(LogLevel, std::string_view)> log{};
};

/// A random text that no page can guess. It serves as the token by which the runtimes of a page, of its frames and of its workers
/// recognize each other's messages, and as the key to the runtime in each frame.
std::string make_secret();
/// The JavaScript that is evaluated in each dedicated worker; `config` is a JSON object.
std::string worker_source(const std::string& config);

/// Whether a document may declare closed shadow roots. `text` is its HTML as the inside of a JSON string. The mode may be written
/// with character references (`&#99;losed`), so whatever is not plainly "open" may be closed.
bool may_declare_closed_roots(std::string_view text);
struct HiddenRoot {
  std::int64_t node{0};  ///< DOM.BackendNodeId
  bool is_own{false};    ///< made by the browser itself; else a closed one
  bool operator==(const HiddenRoot&) const = default;
};
/// The shadow roots in a reply to DOM.describeNode that no script can reach.
std::vector<HiddenRoot> hidden_roots_in(std::string_view description);

/// One page in a browser, and the conversation with the runtime script inside it (src/page/runtime).
/// The first failure of the page is remembered: it ends the calls in flight, and all later calls return it.
/// Lives on one strand; the connection must outlive it.
class Page {
 public:
  static boost::asio::awaitable<Result<std::unique_ptr<Page>>> attach(CdpConnection& connection, PageOptions options);
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  ~Page();

  /// Leaves the previous page, unless that was done, navigates, and waits until the new page is ready.
  /// A user and password in the URL are for its origin alone, and appear in no message.
  boost::asio::awaitable<Result<LoadedPage>> load(LoadRequest request);
  /// Ends the page and removes all that it stored. If the page cannot be left, usable() is false afterwards.
  boost::asio::awaitable<Result<void>> leave(Deadline deadline);

  /// Waits until Chromium draws the page's frames, which it begins only a while after a new document is there.
  boost::asio::awaitable<Result<void>> wait_until_drawn(Deadline deadline);

  /// True if the page must first be stepped through frames between the last one and `frame` (virtual clock contract).
  bool is_behind(std::int64_t frame) const noexcept { return steps_ && frame > reached_ + 1; }
  /// Starts a batch of steps towards `frame`; finish_approach() waits for its end. Each batch has the time limit of a frame, so
  /// the limit is on progress and not on the whole way.
  std::shared_ptr<CdpCall> start_approach(std::int64_t frame);
  boost::asio::awaitable<Result<void>> finish_approach(std::shared_ptr<CdpCall> call);
  /// True if, in its last call, the page asked for something that its runtime does not know of (code by import() above all) and
  /// may have gone on without it. The page must then be loaded again: from this frame on, each step pauses until what the page
  /// asked for is there. That takes longer; step_freely() ends it.
  bool went_on() const noexcept { return went_on_; }
  void step_freely() noexcept { careful_from_.reset(); }

  /// Begins a frame: the calls that follow belong to it and end by its deadline.
  void begin_frame(std::int64_t frame);
  Deadline frame_deadline() const noexcept { return frame_deadline_; }
  /// Starts a call to the runtime; finish() waits for its end, and for the end of all that the page began in it.
  std::shared_ptr<CdpCall> start(std::string_view call);
  /// The same for the runtime's `name`(frame), which takes the page to that frame. finish() fails if the page went_on().
  std::shared_ptr<CdpCall> start_step(std::string_view name, std::int64_t frame);
  boost::asio::awaitable<Result<void>> finish(std::shared_ptr<CdpCall> call);
  /// Waits for the end of a call, but not for what the page began in it.
  boost::asio::awaitable<Result<void>> finish_at_once(std::shared_ptr<CdpCall> call);
  /// As finish(), for a call that answers yes or no.
  boost::asio::awaitable<Result<bool>> finish_flag(std::shared_ptr<CdpCall> call);
  /// True if the last finish() waited for something that the picture on the screen may lack. The same call, made again, shows it
  /// and runs nothing of the page.
  bool settled_late() const noexcept { return settled_late_; }
  /// The error for a frame that took too long. It names `waiting_for` or, if that is empty, what the page is waiting for.
  boost::asio::awaitable<Error> frame_timeout(std::string_view waiting_for);

  /// Why Chromium will make no more frames in this window, according to the page's runtime; empty if Chromium will make more or
  /// the runtime does not answer.
  boost::asio::awaitable<std::string> screen_loss(Deadline deadline);

  /// A CDP call to the page's own session, such as Page.captureScreenshot.
  boost::asio::awaitable<Result<std::string>> call(std::string method, std::string params, Deadline deadline);

  const std::optional<Error>& failure() const noexcept { return failure_; }
  /// Sets a handler that is called when failure() appears, for callers that wait for something other than a call.
  void on_failure(std::function<void()> handler) { failure_handler_ = std::move(handler); }
  /// False once the page has crashed, was closed, cannot be left or has a script that does not return: the browser is then of no
  /// more use.
  bool usable() const noexcept { return usable_; }

 private:
  enum class Phase { blank, loading, showing };
  enum class Learnt { no_node, nothing_new, new_closed_root };  // from a node and what is below it
  struct Document {
    std::int64_t status{0};
    std::string url{};
  };

  struct WrongStyleSheet {
    std::string url{};
    std::string text{};    // what is wrong with it
    std::string loader{};  // of its document
    bool is_foreign{false};
  };

  Page(boost::asio::any_io_executor executor, CdpConnection& connection, PageOptions options, std::string target,
       std::string session);
  boost::asio::awaitable<Result<void>> set_up();
  /// Has `handle` called with the parameters of each event `method` of this page.
  void on(const char* method, void (Page::*handle)(std::string_view));
  void watch();
  void watch_browser();
  void answer_dialog(std::string_view params);
  void note_exception(std::string_view params);
  void watch_network();
  void note_request(std::string_view params);
  void note_response(std::string_view params);
  void check_page_type(std::string_view params);
  void note_loading_failed(std::string_view params);
  void note_log_entry(std::string_view params);
  void note_issue(std::string_view params);
  void check_style_sheet(std::string_view params);
  /// Refuses style sheets of a wrong type, once it is known whether their documents are in quirks mode.
  void refuse_style_sheets();
  /// Fails the page if what the browser refused is one of the composition's own files, and warns otherwise.
  void refuse(const std::string& url, const std::string& text);
  /// The frame of an event that has a `frameId`. Page.frameNavigated has none, but a `frame`.
  static std::string frame_of(std::string_view params);
  void watch_frames();
  void note_frame(std::string_view params);
  void note_scheduled_navigation(std::string_view params);
  void note_loading_frame(std::string_view params);
  void note_loaded_frame(std::string_view params);
  void note_frame_question(std::string_view params);
  void answer_frame_questions();
  void tell(LogLevel level, const std::string& text);
  void note_console(std::string_view params);
  void note_navigation(std::string_view params);
  void note_crash();
  void fail(Error error);
  void forget(std::string method, std::string params);

  boost::asio::awaitable<Result<void>> watch_workers(std::string source, Deadline deadline);
  void watch_targets_of(const std::string& session);
  void prepare_worker(std::string_view params);
  void start_worker(const std::string& session);
  void forget_worker(const std::string& session);

  void ask_for_text(const std::string& request);
  /// Makes closed shadow roots known to the runtime. True if it did not know one of them. With `may_be_there`, they are searched
  /// for whatever the documents' texts say.
  boost::asio::awaitable<Result<bool>> learn_closed_roots(Deadline deadline, bool may_be_there = false);
  /// Makes the browser's own shadow roots known in elements that the runtime names.
  boost::asio::awaitable<Result<void>> meet_strangers(Deadline deadline);
  boost::asio::awaitable<Result<Learnt>> learn_roots_below(std::string expression, Deadline deadline);
  boost::asio::awaitable<Result<Learnt>> learn_roots(std::vector<HiddenRoot> roots, Deadline deadline);
  std::shared_ptr<CdpCall> start_learning(const std::string& root, bool is_own, Deadline deadline);

  void forget_load();
  boost::asio::awaitable<Result<void>> install_runtime(const LoadRequest& request, Deadline deadline);
  /// Sends `login`, "USER:PASSWORD", with every request to the origin of `url` until the page is left.
  boost::asio::awaitable<Result<void>> log_in(std::string url, std::string login, Deadline deadline);
  void authorize(std::string_view params);
  boost::asio::awaitable<Result<void>> navigate(const LoadRequest& request, Deadline deadline);
  boost::asio::awaitable<Result<std::string>> wait_ready(const LoadRequest& request, Deadline deadline);
  /// The reply to ready(); nothing if another document came meanwhile.
  boost::asio::awaitable<Result<std::optional<std::string>>> try_ready(Deadline deadline);
  boost::asio::awaitable<Result<std::string>> ask(std::string call, Deadline deadline);
  /// Waits until nothing that the page began is under way, and lets the page act on what came. True if there was anything.
  boost::asio::awaitable<Result<bool>> settle(Deadline deadline, bool once_at_least = false, std::string_view how = "settle");
  /// Lets a call that paused go on: a step before its animation frames, once the code that it asked for is there, and any call
  /// once elements that came in are known (own_trees.js). `reply` is the reply to the call; the final one is returned.
  boost::asio::awaitable<Result<std::string>> pass_pauses(std::string reply, Deadline deadline);
  boost::asio::awaitable<Result<void>> end_pause(std::string_view reply, Deadline deadline);
  boost::asio::awaitable<Result<void>> wait_for_ends(Deadline deadline, std::vector<std::string>& given_up);
  boost::asio::awaitable<Result<bool>> has_gone_on();
  bool is_careful(std::int64_t frame) const;
  void be_careful_from(std::int64_t frame);
  /// URLs that the runtime says it waited for.
  static std::set<std::string> waited_for(std::string_view reply);
  boost::asio::awaitable<Result<void>> settle_frame(bool went_on, std::string_view how = "settle");
  /// The reply of a call that belongs to a frame, once what the call began has ended and the page has acted on it.
  boost::asio::awaitable<Result<std::string>> finish_reply(std::shared_ptr<CdpCall> call);
  boost::asio::awaitable<Result<std::string>> reply_to(std::shared_ptr<CdpCall> call);
  boost::asio::awaitable<Error> navigated_away();
  boost::asio::awaitable<std::string> pending();
  boost::asio::awaitable<std::string> other_system();
  /// `expression` with the runtime in the page (runtime.js) for `runtime`.
  std::string runtime_expression(std::string_view expression) const;
  /// Evaluates `expression`, in which `runtime` stands for the runtime in the page (runtime.js).
  std::shared_ptr<CdpCall> ask_runtime(std::string_view expression, Deadline deadline);
  std::shared_ptr<CdpCall> evaluate(std::string_view expression, Deadline deadline);

  CdpConnection& connection_;
  PageOptions options_;
  std::string target_;
  std::string session_;
  Phase phase_{Phase::blank};
  bool usable_{true};
  bool left_{false};  // the page is blank and has no history
  std::string runtime_script_id_{};
  std::string runtime_key_{};  // of the loaded page, whose scripts do not know it
  std::string worker_source_{};
  std::string authorization_{};  // the header's value; see log_in()
  std::set<std::string> worker_sessions_{};
  std::map<std::string, Document> documents_{};  // by frame id
  std::vector<WrongStyleSheet> wrong_style_sheets_{};
  std::set<std::string> quirky_loaders_{};  // of documents in quirks mode
  std::int64_t navigations_{0};             // of the main frame
  UnderWay under_way_{};
  std::vector<std::pair<std::int64_t, std::string>> frame_questions_{};  // execution contexts, and what their runtimes ask
  boost::asio::steady_timer changed_;                                    // cancelled when something that was under way ended
  std::vector<std::shared_ptr<CdpCall>> texts_{};                        // calls for texts of documents, not looked at yet
  bool settled_late_{false};
  int lines_told_{0};  // to the log, since the load
  std::optional<Error> failure_{};
  std::function<void()> failure_handler_{};
  std::optional<std::int64_t> frame_{};
  bool steps_{false};  // frame by frame (FrameOrder)
  bool went_on_{false};
  std::optional<std::int64_t> careful_from_{};  // steps pause from this frame on, see went_on()
  bool approaching_{false};                     // on the way to `frame_`
  std::int64_t reached_{-1};                    // the frame that the page is at
  std::chrono::milliseconds frame_limit_{0};
  Deadline frame_deadline_{};
};

}  // namespace orchestrator
