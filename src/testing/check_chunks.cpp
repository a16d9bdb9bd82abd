// Checks of what comes of a chunk that nobody disturbs.
#include "assemble/verify_chunk.hpp"
#include "testing/checks.hpp"
#include "testing/run_here.hpp"

#include <orchestrator/testing/fake_executor.hpp>

#include <algorithm>
#include <optional>
#include <thread>

namespace orchestrator {
inline namespace v0 {
namespace testing {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

namespace {

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// Where the file is, and what is beside it.
void examine_place(Bench& bench, const ChunkJob& job, const ChunkResult& result) {
  std::error_code failed;
  if (!result.file.empty() && !fs::exists(result.file, failed)) {
    bench.found("the result's file " + result.file.string() + " does not exist");
  } else if (!fs::equivalent(result.file, job.output, failed)) {
    bench.found("the result's file is " + (result.file.empty() ? "not named" : result.file.string()) + ", not the job's output " +
                job.output.string());
  }
  auto names = names_in(job.output.parent_path());
  std::erase(names, job.output.filename().string());
  if (!names.empty()) bench.found("beside the chunk's file lies what does not belong there: " + list_of(names));
}

/// The frames as they decode: those of the job, in order.
void examine_numbers(Bench& bench, const ChunkJob& job) {
  const auto seen = read_fake_film(job.output);
  if (!seen) return bench.found("the chunk cannot be read back: " + seen.error().detail);
  for (std::size_t i = 0; i < seen->size(); ++i) {
    const std::int64_t expected = job.frames.first + static_cast<std::int64_t>(i);
    if ((*seen)[i].number == expected) continue;
    return bench.found("chunk " + std::to_string(job.chunk) + " of render " + job.render.substr(30) + " shows frame " +
                       std::to_string((*seen)[i].number) + " in place of frame " + std::to_string(expected));
  }
}

bool reads_numbers(const ConformanceSubject& subject) { return subject.composition.empty() || subject.draws_numbers; }

std::optional<ProbedStream> examine_chunk(Bench& bench, const ChunkJob& job, const Call& call) {
  if (!bench.expect_success(call)) return std::nullopt;
  const ChunkResult& result = *call.result;
  examine_place(bench, job, result);
  if (result.frames != job.frames.count()) {
    bench.found("the result says " + std::to_string(result.frames) + " frames, the job " + std::to_string(job.frames.count()));
  }
  const auto verified = run_here(verify_chunk(result.file, job.frames.count(), job.video));
  if (!verified) {
    bench.found(verified.error().detail);
    return std::nullopt;
  }
  if (reads_numbers(bench.subject())) examine_numbers(bench, job);
  return *verified;
}

void examine_steps(Bench& bench, const std::vector<Recorder::Step>& steps) {
  const std::int64_t frames = bench.subject().frames;
  Recorder::Step before;
  for (const Recorder::Step& step : steps) {
    const std::string text = "progress(" + std::to_string(step.captured) + ", " + std::to_string(step.encoded) + ")";
    if (step.captured < before.captured || step.encoded < before.encoded) {
      return bench.found(text + " goes back behind progress(" + std::to_string(before.captured) + ", " +
                         std::to_string(before.encoded) + ")");
    }
    if (step.captured > frames || step.encoded > frames) {
      return bench.found(text + " is beyond the chunk's " + std::to_string(frames) + " frames");
    }
    if (step.encoded > step.captured) return bench.found(text + " has more frames encoded than captured");
    before = step;
  }
  if (!steps.empty() && before.encoded < frames) {
    bench.found("progress ended at " + std::to_string(before.encoded) + " of " + std::to_string(frames) + " frames");
  }
}

/// A render on a thread of its own: its strand, and its jobs.
struct OneRender {
  TestStrand& strand;
  std::vector<ChunkJob> jobs;
};

OneRender start_render(Bench& bench, int render) {
  OneRender started{bench.strand(), {}};
  started.strand.prepare();
  for (int chunk = 0; chunk < 2; ++chunk) {
    started.jobs.push_back(bench.job(chunk, 100 * render + chunk * bench.subject().frames, render));
    started.strand.render(started.jobs.back());
  }
  return started;
}

}  // namespace

void check_chunk_file(const ConformanceSubject& subject, ConformanceReport& report) {
  Bench bench(subject, report);
  if (!bench.prepare()) return;
  const std::vector<ChunkJob> jobs{bench.job(0, 0), bench.job(1, subject.frames)};
  TestStrand& strand = bench.strand();
  for (const ChunkJob& job : jobs) strand.render(job);
  if (!bench.run(strand)) return;
  const auto first = examine_chunk(bench, jobs[0], strand.calls().front());
  const auto second = examine_chunk(bench, jobs[1], strand.calls().back());
  if (!first || !second) return;
  const fs::path& file = strand.calls().front().result->file;
  const fs::path& other = strand.calls().back().result->file;
  std::error_code failed;
  if (fs::equivalent(file, other, failed)) bench.found("two chunks have one file: " + file.string());
  if (auto alike = check_same_setup(*first, *second, other); !alike) bench.found(alike.error().detail);
}

void check_progress(const ConformanceSubject& subject, ConformanceReport& report) {
  Bench bench(subject, report);
  if (!bench.prepare()) return;
  TestStrand& strand = bench.strand();
  const Call& call = strand.render(bench.job(0, 0));
  if (!bench.run(strand)) return;
  strand.linger(milliseconds(200));
  bench.expect_success(call);
  const auto recorder = call.recorder;
  bench.end();  // what an executor still says while it ends is too late as well
  const Recorder::Notes notes = recorder->notes();
  if (notes.off_strand > 0) {
    bench.found(std::to_string(notes.off_strand) + " calls of the context did not come on the render's strand");
  }
  if (notes.late > 0) bench.found(std::to_string(notes.late) + " calls of the context came after the end of render_chunk()");
  examine_steps(bench, notes.steps);
}

void check_two_renders(const ConformanceSubject& subject, ConformanceReport& report) {
  Bench bench(subject, report);
  if (!bench.ready()) return;
  std::vector<OneRender> renders{start_render(bench, 0), start_render(bench, 1)};
  {
    const std::jthread other([&] { renders[1].strand.run(subject.patience); });
    renders[0].strand.run(subject.patience);
  }
  for (OneRender& render : renders) {
    if (!bench.run(render.strand)) return;
  }
  for (OneRender& render : renders) {
    bool all_well = true;
    for (const Call& call : render.strand.calls()) all_well = bench.expect_success(call) && all_well;
    if (!all_well || !reads_numbers(subject)) continue;
    for (const ChunkJob& job : render.jobs) examine_numbers(bench, job);
  }
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
