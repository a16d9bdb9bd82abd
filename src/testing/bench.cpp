#include "testing/bench.hpp"

#include "base/exception_text.hpp"
#include "base/ms_since.hpp"
#include "testing/compositions.hpp"

#include <cstdio>
#include <filesystem>
#include <thread>
#include <utility>

namespace orchestrator {
inline namespace v0 {
namespace testing {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

std::string in_ms(milliseconds time) { return std::to_string(time.count()) + " ms"; }

std::string render_id(int render) {
  char id[33];
  std::snprintf(id, sizeof id, "%032x", static_cast<unsigned>(render) + 1);
  return id;
}

}  // namespace

Bench::Bench(const ConformanceSubject& subject, ConformanceReport& report, const Make& make)
    : subject_(subject), report_(report), watch_(std::make_unique<LeftoverWatch>(subject.folder / "tmp")) {
  fs::remove_all(subject.folder / "chunks");
  try {
    executor_ = make();
    if (!executor_) found("make() gave no executor");
  } catch (...) {
    found("the executor cannot be made: " + exception_text(std::current_exception()));
  }
}

Bench::~Bench() { end(); }

bool Bench::prepare() {
  if (!ready()) return false;
  TestStrand& calls = strand();
  const Call& call = calls.prepare();
  return run(calls) && expect_success(call);
}

bool Bench::run(TestStrand& strand, int rounds) {
  const milliseconds patience = rounds * subject_.patience;
  const bool ended = strand.run(patience);
  if (!strand.stray_exception().empty()) found("an exception left through the render's loop: " + strand.stray_exception());
  if (!ended) give_up(strand, patience);
  return ended;
}

/// What has not ended still uses the executor, the strand and the environment: none of them can be destroyed.
void Bench::give_up(TestStrand& strand, milliseconds patience) {
  for (const Call& call : strand.calls()) {
    if (!call.ended) found(call.name + " has not ended after " + in_ms(patience) + " (patience)");
  }
  static auto& given_up = *new std::list<std::pair<RenderExecutor*, std::list<TestStrand>>>;
  given_up.emplace_back(executor_.release(), std::move(strands_));  // a list's elements stay where they are
}

ChunkJob Bench::job(int chunk, std::int64_t first, int render) {
  const fs::path folder = subject_.folder / "chunks" / std::to_string(++jobs_);
  fs::create_directories(folder);
  return {.render = render_id(render),
          .chunk = chunk,
          .frames = {first, first + subject_.frames},
          .composition = subject_.composition.empty() ? numbers_page(subject_.folder) : subject_.composition,
          .video = with_defaults(subject_.video),
          .output = folder / ("chunk-" + std::to_string(chunk) + ".mp4")};
}

bool Bench::expect_success(const Call& call) {
  if (!call.threw.empty()) found(call.name + " threw: " + call.threw);
  if (call.error) found(call.name + " failed: " + call.error->message());
  return call.result.has_value();
}

void Bench::expect_usable(const std::string& when) {
  if (!ready()) return;
  TestStrand& calls = strand();
  const Call& call = calls.render(job(2, 0));
  if (!run(calls)) return;
  if (!call.result) found("the executor is not usable after " + when + ":");
  expect_success(call);
}

void Bench::end() {
  if (!ready()) return;
  const auto start = Clock::now();
  executor_.reset();
  const auto took = ms_since(start);
  if (took > subject_.soon)
    found("the executor's destructor took " + in_ms(took) + ", more than " + in_ms(subject_.soon) + " (soon)");
  strands_.clear();
  look_for_leftovers();
}

void Bench::look_for_leftovers() {
  std::vector<std::string> left;
  const auto deadline = Clock::now() + subject_.soon;
  for (;;) {
    left = watch_->found();
    if (subject_.left_over) {
      for (std::string& line : subject_.left_over()) left.push_back(std::move(line));
    }
    if (left.empty() || Clock::now() > deadline) break;
    std::this_thread::sleep_for(milliseconds(20));
  }
  for (const std::string& line : left) found("the destroyed executor left behind: " + line);
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
