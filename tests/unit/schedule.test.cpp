#include "schedule/schedule.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace orchestrator;

namespace {

std::string word(const StartChunk& action) { return "start " + std::to_string(action.chunk); }
std::string word(const MixAudio&) { return "mix"; }
std::string word(const AbortTasks&) { return "abort"; }
std::string word(const Assemble&) { return "assemble"; }
std::string word(const Complete&) { return "complete"; }
std::string word(const GiveUp& action) { return "give up: " + action.error.detail; }

std::string words(const std::vector<ScheduleAction>& actions) {
  std::string text;
  for (const ScheduleAction& action : actions) {
    text += (text.empty() ? "" : ", ") + std::visit([](const auto& todo) { return word(todo); }, action);
  }
  return text;
}

Error error(const char* detail) { return {.code = Errc::page_error, .detail = detail}; }

struct Step {
  ScheduleEvent event;
  const char* actions;
};

void check(int chunks, int slots, const std::vector<Step>& steps) {
  Schedule schedule(chunks, slots);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    CAPTURE(i);
    CHECK(words(schedule.on(steps[i].event)) == steps[i].actions);
  }
}

}  // namespace

TEST_CASE("schedule: chunks start in order, as slots become free, before the finished one is verified", "[schedule]") {
  check(4, 2,
        {{RenderStarted{}, "mix, start 0, start 1"},
         {ChunkRendered{1}, "start 2"},
         {ChunkVerified{1}, ""},
         {ChunkRendered{2}, "start 3"},
         {ChunkRendered{0}, ""},
         {ChunkRendered{3}, ""},
         {ChunkVerified{2}, ""},
         {AudioMixed{}, ""},
         {ChunkVerified{3}, ""},
         {ChunkVerified{0}, "assemble"},
         {Assembled{}, "complete"}});
}

TEST_CASE("schedule: chunks follow the executor's slots, which become more, fewer, none and more again", "[schedule]") {
  check(6, 1,
        {{RenderStarted{}, "mix, start 0"},
         {SlotsChanged{3}, "start 1, start 2"},
         {SlotsChanged{1}, ""},
         {ChunkRendered{0}, ""},
         {ChunkRendered{1}, ""},
         {ChunkRendered{2}, "start 3"},
         {SlotsChanged{0}, ""},
         {ChunkRendered{3}, ""},
         {SlotsChanged{-1}, ""},
         {SlotsChanged{9}, "start 4, start 5"}});
}

TEST_CASE("schedule: assembling waits for the sound, too", "[schedule]") {
  check(1, 4,
        {{RenderStarted{}, "mix, start 0"},
         {ChunkRendered{0}, ""},
         {ChunkVerified{0}, ""},
         {AudioMixed{}, "assemble"},
         {Assembled{}, "complete"}});
}

TEST_CASE("schedule: the first error wins, the others are consequences", "[schedule]") {
  check(3, 2,
        {{RenderStarted{}, "mix, start 0, start 1"},
         {ChunkFailed{1, error("boom")}, "abort"},
         {ChunkFailed{0, error("cancelled")}, ""},
         {StepFailed{error("cancelled")}, "give up: boom"}});
}

TEST_CASE("schedule: nothing starts after an abort, whatever becomes free", "[schedule]") {
  check(5, 2,
        {{RenderStarted{}, "mix, start 0, start 1"},
         {AudioMixed{}, ""},
         {RenderStopped{error("stop")}, "abort"},
         {RenderStopped{error("stop again")}, ""},
         {ChunkRendered{0}, ""},
         {ChunkFailed{1, error("cancelled")}, ""},
         {ChunkVerified{0}, "give up: stop"}});
}

TEST_CASE("schedule: a chunk that fails its verification ends the render", "[schedule]") {
  check(2, 1,
        {{RenderStarted{}, "mix, start 0"},
         {ChunkRendered{0}, "start 1"},
         {ChunkFailed{0, error("89 frames")}, "abort"},
         {ChunkFailed{1, error("cancelled")}, ""},
         {AudioMixed{}, "give up: 89 frames"}});
}

TEST_CASE("schedule: sound that cannot be mixed ends the render", "[schedule]") {
  check(2, 2,
        {{RenderStarted{}, "mix, start 0, start 1"},
         {StepFailed{error("no such track")}, "abort"},
         {ChunkFailed{0, error("cancelled")}, ""},
         {ChunkRendered{1}, ""},
         {ChunkVerified{1}, "give up: no such track"}});
}

TEST_CASE("schedule: a render can be stopped while it assembles, and even when that has just been done", "[schedule]") {
  const std::vector<Step> start{
      {RenderStarted{}, "mix, start 0"}, {AudioMixed{}, ""}, {ChunkRendered{0}, ""}, {ChunkVerified{0}, "assemble"}};
  for (const ScheduleEvent& end : {ScheduleEvent(StepFailed{error("cancelled")}), ScheduleEvent(Assembled{})}) {
    auto steps = start;
    steps.push_back({RenderStopped{error("stop")}, "abort"});
    steps.push_back({end, "give up: stop"});
    check(1, 1, steps);
  }
}

TEST_CASE("schedule: assembling that fails ends the render at once", "[schedule]") {
  check(1, 1,
        {{RenderStarted{}, "mix, start 0"},
         {AudioMixed{}, ""},
         {ChunkRendered{0}, ""},
         {ChunkVerified{0}, "assemble"},
         {StepFailed{error("disk full")}, "abort, give up: disk full"}});
}

TEST_CASE("schedule: what happens after the end changes nothing", "[schedule]") {
  check(1, 1,
        {{RenderStarted{}, "mix, start 0"},
         {ChunkFailed{0, error("boom")}, "abort"},
         {AudioMixed{}, "give up: boom"},
         {AudioMixed{}, ""},
         {ChunkRendered{0}, ""},
         {RenderStopped{error("late")}, ""},
         {RenderStarted{}, ""}});
}

TEST_CASE("schedule: stopped before it began, it gives up at once", "[schedule]") {
  check(3, 2, {{RenderStopped{error("stop")}, "abort, give up: stop"}, {RenderStarted{}, ""}});
}

TEST_CASE("schedule: no slots count as one", "[schedule]") {
  check(2, 0, {{RenderStarted{}, "mix, start 0"}, {ChunkRendered{0}, "start 1"}});
}
