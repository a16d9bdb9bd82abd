#pragma once

#include "testing/leftovers.hpp"
#include "testing/test_strand.hpp"

#include <orchestrator/testing/conformance.hpp>

#include <functional>
#include <list>
#include <memory>
#include <string>

namespace orchestrator {
inline namespace v0 {
namespace testing {

/// One executor from its making to its end, and what is found on the way.
class Bench {
 public:
  using Make = std::function<std::unique_ptr<RenderExecutor>()>;

  /// Makes the executor. Without one, `ready()` is false.
  Bench(const ConformanceSubject& subject, ConformanceReport& report, const Make& make);
  Bench(const ConformanceSubject& subject, ConformanceReport& report) : Bench(subject, report, subject.make) {}
  /// As end().
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  RenderExecutor& executor() { return *executor_; }
  /// False once something has not ended: then nothing more can be asked of the executor.
  bool ready() const { return executor_ != nullptr; }
  /// Calls prepare(), as a render does before its chunks. False if there is no use in going on.
  bool prepare();

  /// A strand to call the executor from. Lives as long as the executor.
  TestStrand& strand() { return strands_.emplace_back(*executor_); }
  /// Runs the strand's calls. What has not ended after `rounds` times the patience is a finding, and the end of this bench.
  bool run(TestStrand& strand, int rounds = 1);
  /// A job for `chunk` of the render `render`, which starts at that frame; its output is in a folder of its own.
  ChunkJob job(int chunk, std::int64_t first, int render = 0);
  /// One more chunk, which must succeed: `when` says after what.
  void expect_usable(const std::string& when);
  /// Findings of what any call may not do: throw without a cancellation, and fail.
  bool expect_success(const Call& call);

  /// Destroys the executor, and looks for what it left.
  void end();
  void found(std::string what) { report_.findings.push_back(std::move(what)); }
  const ConformanceSubject& subject() const { return subject_; }

 private:
  void give_up(TestStrand& strand, std::chrono::milliseconds patience);
  void look_for_leftovers();

  const ConformanceSubject& subject_;
  ConformanceReport& report_;
  std::unique_ptr<LeftoverWatch> watch_;
  std::unique_ptr<RenderExecutor> executor_{};
  std::list<TestStrand> strands_{};
  int jobs_{0};
};

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
