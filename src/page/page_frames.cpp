// Watches which frames of the page load, for UnderWay and for the runtimes in the page, which ask.
#include "cdp/cdp_fields.hpp"
#include "page/page.hpp"
#include "page/page_error.hpp"

#include <utility>

namespace orchestrator {

void Page::watch_frames() {
  on("Page.frameAttached", &Page::note_frame);
  on("Page.frameScheduledNavigation", &Page::note_scheduled_navigation);
  on("Page.frameStartedNavigating", &Page::note_loading_frame);
  on("Page.frameStartedLoading", &Page::note_loading_frame);
  on("Page.frameStoppedLoading", &Page::note_loaded_frame);
  on("Page.frameDetached", &Page::note_loaded_frame);
  on("Runtime.bindingCalled", &Page::note_frame_question);
}

void Page::note_frame(std::string_view params) {
  under_way_.frame_comes(frame_of(params), cdp_text(params, "/parentFrameId").value_or(""));
}

/// A navigation without delay, by a script or by <meta http-equiv="refresh" content="0">, is waited for. A later one follows the
/// browser's clock, not the page's, so a warning tells of it.
void Page::note_scheduled_navigation(std::string_view params) {
  const std::int64_t delay_s = cdp_integer(params, "/delay").value_or(1);
  if (delay_s == 0) return note_loading_frame(params);
  tell(LogLevel::warning, "page: <meta http-equiv=\"refresh\"> leaves for " + cut_text(cdp_text(params, "/url").value_or("")) +
                              " after " + std::to_string(delay_s) + " s by the browser's own clock, not by the film's");
}

void Page::note_loading_frame(std::string_view params) {
  under_way_.frame_begins(frame_of(params), cut_text(cdp_text(params, "/url").value_or("")), UnderWay::Clock::now());
}

void Page::note_loaded_frame(std::string_view params) {
  under_way_.frame_ends(frame_of(params));
  answer_frame_questions();
  changed_.cancel();
}

/// A runtime waits for frames that have sent no load event (child_frames.js). What they had begun to load when it asked is known:
/// the question comes in order with the events that tell of it.
void Page::note_frame_question(std::string_view params) {
  frame_questions_.emplace_back(cdp_integer(params, "/executionContextId").value_or(0),
                                cdp_text(params, "/payload").value_or(""));
  answer_frame_questions();
}

void Page::answer_frame_questions() {
  if (under_way_.has_loading_frames()) return;
  for (const auto& [context, question] : std::exchange(frame_questions_, {})) {
    const std::string answer = "'use strict'; __orchestrator('" + runtime_key_ + "')?.endQuestion(" + cdp_quote(question) + ")";
    forget("Runtime.evaluate",
           R"({"silent":true,"contextId":)" + std::to_string(context) + R"(,"expression":)" + cdp_quote(answer) + "}");
  }
}

}  // namespace orchestrator
