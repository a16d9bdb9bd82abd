// How a page is taken from frame to frame: by one call for a frame or by batches of steps, and on until nothing that a step asked
// for is under way.
#include "cdp/cdp_fields.hpp"
#include "page/page.hpp"
#include "page/page_error.hpp"

#include <algorithm>

namespace orchestrator {

namespace asio = boost::asio;

std::shared_ptr<CdpCall> Page::start_approach(std::int64_t frame) {
  constexpr std::chrono::milliseconds batch{200};  // the page ends a batch with the first frame after this (stepTowards)
  begin_frame(frame);
  approaching_ = true;
  frame_deadline_ += batch;
  const std::int64_t end = is_careful(reached_ + 1) ? reached_ + 2 : std::min(frame, careful_from_.value_or(frame));
  return start_step("approach", end);
}

asio::awaitable<Result<void>> Page::finish_approach(std::shared_ptr<CdpCall> call) {
  auto reply = co_await reply_to(std::move(call));
  if (!reply) co_return reply.error();
  auto learnt = co_await learn_closed_roots(frame_deadline_);
  if (!learnt) co_return learnt.error();
  const bool ran_ahead = *learnt || under_way_.went_on(waited_for(*reply));
  if (ran_ahead) be_careful_from(reached_ + 1);
  reached_ = cdp_integer(*reply, "/result/value/frame").value_or(reached_);
  if (went_on_) co_return Result<void>{};
  co_return co_await settle_frame(ran_ahead);
}

void Page::begin_frame(std::int64_t frame) {
  under_way_.note_what_begins();
  frame_ = frame;
  approaching_ = false;
  frame_deadline_ = Deadline::clock::now() + frame_limit_;
}

bool Page::is_careful(std::int64_t frame) const { return careful_from_ && frame >= *careful_from_; }

void Page::be_careful_from(std::int64_t frame) {
  went_on_ = !is_careful(frame);
  if (went_on_) careful_from_ = frame;
}

std::shared_ptr<CdpCall> Page::start_step(std::string_view name, std::int64_t frame) {
  const std::string_view careful = is_careful(approaching_ ? reached_ + 1 : frame) ? "true" : "false";
  return start(std::string(name) + "(" + std::to_string(frame) + "," + std::string(careful) + ")");
}

std::shared_ptr<CdpCall> Page::start(std::string_view call) {
  return ask_runtime("runtime." + std::string(call), frame_deadline_);
}

asio::awaitable<Result<std::string>> Page::finish_reply(std::shared_ptr<CdpCall> call) {
  auto reply = co_await reply_to(std::move(call));
  if (!reply) co_return reply.error();
  auto went_on = co_await has_gone_on();
  if (!went_on) co_return went_on.error();
  if (went_on_) co_return Error{.code = Errc::page_error, .detail = "the page is to be loaded again", .frame = frame_};
  auto settled = co_await settle_frame(*went_on);
  if (!settled) co_return settled.error();
  reached_ = frame_.value_or(reached_);
  co_return *reply;
}

asio::awaitable<Result<void>> Page::finish(std::shared_ptr<CdpCall> call) {
  auto reply = co_await finish_reply(std::move(call));
  if (!reply) co_return reply.error();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Page::finish_at_once(std::shared_ptr<CdpCall> call) {
  auto reply = co_await reply_to(std::move(call));
  if (!reply) co_return reply.error();
  co_return Result<void>{};
}

asio::awaitable<Result<bool>> Page::finish_flag(std::shared_ptr<CdpCall> call) {
  auto reply = co_await finish_reply(std::move(call));
  if (!reply) co_return reply.error();
  co_return cdp_flag(*reply, "/result/value").value_or(false);
}

/// True if the page must settle and be shown again: the call made a closed shadow root known, or something began that the runtime
/// did not wait for. Even if that has ended, it may have come too late for what the call did.
asio::awaitable<Result<bool>> Page::has_gone_on() {
  auto learnt = co_await learn_closed_roots(frame_deadline_);
  if (!learnt || *learnt || !under_way_.went_on({})) co_return learnt;
  auto asked = ask_runtime("runtime.stepReport()", frame_deadline_);
  auto reply = co_await reply_to(std::move(asked));
  if (!reply) co_return reply.error();
  const bool went_on = under_way_.went_on(waited_for(*reply));
  under_way_.note_what_begins();
  const bool passed_pause = cdp_flag(*reply, "/result/value/passedPause").value_or(false);
  if (went_on && passed_pause) be_careful_from(*frame_);
  co_return went_on;
}

asio::awaitable<Result<void>> Page::end_pause(std::string_view reply, Deadline deadline) {
  if (cdp_text(reply, "/result/value/pausesFor") == "strangers") co_return co_await meet_strangers(deadline);
  const bool went_on = under_way_.went_on(waited_for(reply));
  co_return co_await settle_frame(went_on, "settleInPause");
}

asio::awaitable<Result<std::string>> Page::pass_pauses(std::string reply, Deadline deadline) {
  while (cdp_has(reply, "/result/value/pausesFor")) {
    auto ended = co_await end_pause(reply, deadline);
    if (!ended) co_return ended.error();
    auto going_on = ask_runtime("runtime.goOn()", deadline);
    auto gone_on = co_await connection_.finish(std::move(going_on));
    if (!gone_on) co_return gone_on.error();
    reply = std::move(*gone_on);
  }
  co_return reply;
}

asio::awaitable<Result<void>> Page::settle_frame(bool went_on, std::string_view how) {
  settled_late_ = false;
  refuse_style_sheets();
  if (failure_) co_return *failure_;
  if (under_way_.quiet() && !went_on) co_return Result<void>{};
  auto settled = co_await settle(frame_deadline_, went_on, how);
  if (settled) {
    settled_late_ = true;
    co_return Result<void>{};
  }
  if (failure_) co_return *failure_;
  Error error = settled.error();
  if (error.code == Errc::timed_out) co_return co_await frame_timeout({});
  error.stage = Stage::capture;
  error.frame = frame_;
  if (is_navigation_race(error.detail)) co_return co_await navigated_away();
  co_return error;
}

}  // namespace orchestrator
