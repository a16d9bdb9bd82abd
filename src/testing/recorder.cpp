#include "testing/recorder.hpp"

namespace orchestrator {
inline namespace v0 {
namespace testing {

bool Recorder::note_call() {
  const std::scoped_lock lock(mutex_);
  if (!strand_) {
    ++notes_.late;
    return false;
  }
  if (!strand_->running_in_this_thread()) ++notes_.off_strand;
  return true;
}

void Recorder::progress(std::int64_t captured, std::int64_t encoded) {
  if (!note_call()) return;
  const Step step{captured, encoded, std::chrono::steady_clock::now()};
  {
    const std::scoped_lock lock(mutex_);
    notes_.steps.push_back(step);
  }
  on_step_(step);
}

void Recorder::end() {
  const std::scoped_lock lock(mutex_);
  strand_.reset();
}

Recorder::Notes Recorder::notes() const {
  const std::scoped_lock lock(mutex_);
  return notes_;
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
