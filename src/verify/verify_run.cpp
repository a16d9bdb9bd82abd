#include "verify/verify_run.hpp"

#include "verify/busy_cores.hpp"
#include "verify/picture_files.hpp"
#include "verify/sampling.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

/// What is verified if the page does not say how many frames it has: two seconds at the usual 30 frames a second.
constexpr FrameRange default_frames{0, 60};

// How much of the reference's pictures is kept in memory, samples in any case: 32 frames of 1920x1080, 4,600 of 160x90.
constexpr std::size_t most_shot_bytes = std::size_t{256} << 20;

CaptureMode mode_of(const std::string& description) {
  return capture_mode_from_string(description.substr(0, description.find(' '))).value_or(CaptureMode::automatic);
}

/// The passes that follow the reference.
std::vector<VerifyPass> passes_for(const VerifyOptions& options, CaptureMode reference) {
  std::vector<VerifyPass> passes{{.fresh = true}};
  if (options.busy_loops > 0) {
    passes.push_back({.loaded = true});
    passes.push_back({.fresh = true, .loaded = true});
  }
  for (VerifyPass& pass : passes) pass.capture = to_string(reference);
  if (!options.all_backends) return passes;
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    if (mode != reference) passes.push_back({.other_backend = true, .capture = std::string(to_string(mode))});
  }
  return passes;
}

/// Checks, before the work that may take long, that pictures could be kept in `folder`. It is made only for a difference.
Result<void> check_folder(const fs::path& folder) {
  std::error_code failed;
  fs::path there = fs::absolute(folder, failed);
  while (there.has_relative_path() && !fs::exists(there, failed)) there = there.parent_path();
  if (!fs::is_directory(there, failed)) failed = std::make_error_code(std::errc::not_a_directory);
  if (!failed && ::access(there.c_str(), W_OK | X_OK) != 0) failed = {errno, std::generic_category()};
  if (!failed) return {};
  return Error{.code = Errc::output_unwritable,
               .detail = "the pictures of a difference could not be kept in " + folder.string() + ": " + there.string() + ": " +
                         failed.message(),
               .stage = Stage::verify};
}

}  // namespace

asio::awaitable<Result<VerifyReport>> VerifyRun::run() {
  co_await asio::this_coro::throw_if_cancelled(false);  // cancellation is returned as a value, not thrown
  if (auto able = check_folder(options_.keep); !able) co_return able.error();
  auto referred = co_await take_reference();
  if (!referred) co_return referred.error();
  auto passed = co_await run_passes();
  if (!passed) co_return passed.error();
  if (!mismatch_) co_return std::move(report_);
  auto explained = co_await explain_mismatch();
  if (!explained) co_return explained.error();
  co_return std::move(report_);
}

asio::awaitable<Result<void>> VerifyRun::take_reference() {
  VerifyPass pass{.capture = std::string(to_string(options_.capture))};
  started(pass);
  const FrameRange asked = options_.frames.value_or(FrameRange{0, 1});
  auto camera = co_await Camera::open(options_.scene, options_.capture, asked);
  if (!camera) co_return camera.error();
  report_.contract = (*camera)->contract();
  report_.order = (*camera)->traits().order;
  report_.frames = options_.frames.value_or(FrameRange{0, (*camera)->declared_frames().value_or(default_frames.last)});
  report_.samples = choose_samples(report_.frames, options_.samples);
  const Visit visit = [&](std::int64_t frame, Shot shot) {
    ++pass.compared;
    sums_.push_back(shot.sha256);
    keep_shot(frame, std::move(shot));
  };
  auto filmed = co_await film(**camera, report_.frames, visit, report_.frames.count());
  pass.capture = (*camera)->description();
  co_await (*camera)->close();
  if (!filmed) co_return filmed.error();
  mode_ = mode_of(pass.capture);
  if (events_.on_pass_ended) events_.on_pass_ended(pass);
  report_.passes.push_back(std::move(pass));
  co_return Result<void>{};
}

asio::awaitable<Result<void>> VerifyRun::run_passes() {
  for (const VerifyPass& planned : passes_for(options_, mode_)) {
    VerifyPass& pass = report_.passes.emplace_back(planned);
    started(pass);
    std::optional<BusyCores> load;
    if (pass.loaded) load.emplace(options_.busy_loops);
    auto done = co_await run_pass(pass);
    const bool is_missing = pass.other_backend && !done && done.error().code == Errc::browser_unavailable;
    if (!done && !is_missing) co_return done.error();
    if (is_missing) pass.skipped = done.error().detail;
    if (events_.on_pass_ended) events_.on_pass_ended(pass);
  }
  co_return Result<void>{};
}

asio::awaitable<Result<void>> VerifyRun::run_pass(VerifyPass& pass) {
  if (pass.other_backend) {
    std::map<std::int64_t, Shot> shots;
    const Visit keep_samples = [&](std::int64_t frame, Shot shot) {
      if (is_sample(frame)) shots[frame] = std::move(shot);
    };
    auto taken = co_await take_frames(pass, report_.frames, keep_samples);
    if (!taken) co_return taken.error();
    co_return co_await compare_samples(pass, std::move(shots));
  }
  const Visit compare_sums = [&](std::int64_t frame, Shot shot) { note(pass, frame, std::move(shot)); };
  if (pass.fresh) co_return co_await take_samples(pass, compare_sums);
  co_return co_await take_frames(pass, report_.frames, compare_sums);
}

asio::awaitable<Result<void>> VerifyRun::take_frames(VerifyPass& pass, FrameRange frames, Visit visit) {
  auto camera = co_await Camera::open(options_.scene, mode_of(pass.capture), frames);
  if (!camera) co_return camera.error();
  pass.capture = (*camera)->description();
  auto filmed = co_await film(**camera, frames, visit, frames.count());
  co_await (*camera)->close();
  co_return filmed;
}

asio::awaitable<Result<void>> VerifyRun::take_samples(VerifyPass& pass, Visit visit) {
  const auto total = static_cast<std::int64_t>(report_.samples.size());
  std::int64_t done = 0;
  for (const std::int64_t sample : report_.samples) {
    auto camera = co_await Camera::open(options_.scene, mode_, FrameRange{sample, sample + 1});
    if (!camera) co_return camera.error();
    pass.capture = (*camera)->description();
    auto shot = co_await (*camera)->take(sample);
    co_await (*camera)->close();
    if (!shot) co_return shot.error();
    visit(sample, std::move(*shot));
    if (events_.on_frame) events_.on_frame(++done, total);
  }
  co_return Result<void>{};
}

asio::awaitable<Result<void>> VerifyRun::film(Camera& camera, FrameRange frames, const Visit& visit, std::int64_t total) {
  for (std::int64_t frame = frames.first; frame < frames.last; ++frame) {
    auto shot = co_await camera.take(frame);
    if (!shot) co_return shot.error();
    visit(frame, std::move(*shot));
    if (events_.on_frame) events_.on_frame(frame - frames.first + 1, total);
  }
  co_return Result<void>{};
}

bool VerifyRun::is_sample(std::int64_t frame) const {
  return std::binary_search(report_.samples.begin(), report_.samples.end(), frame);
}

void VerifyRun::keep_shot(std::int64_t frame, Shot shot) {
  if (!is_sample(frame) && shot_bytes_ + shot.bytes.size() > most_shot_bytes) return;
  shot_bytes_ += shot.bytes.size();
  shots_[frame] = std::move(shot);
}

void VerifyRun::note(VerifyPass& pass, std::int64_t frame, Shot shot) {
  ++pass.compared;
  if (shot.sha256 == sums_[static_cast<std::size_t>(frame - report_.frames.first)]) return;
  note_difference(pass, frame, std::move(shot));
}

void VerifyRun::note_difference(VerifyPass& pass, std::int64_t frame, Shot shot) {
  ++pass.different;
  if (!pass.first_different) pass.first_different = frame;
  if (mismatch_ && mismatch_->frame <= frame) return;
  mismatch_ = Mismatch{.frame = frame, .pass = report_.passes.size() - 1, .shot = std::move(shot)};
}

asio::awaitable<Result<void>> VerifyRun::compare_samples(VerifyPass& pass, std::map<std::int64_t, Shot> shots) {
  for (auto& [frame, shot] : shots) {
    ++pass.compared;
    const Shot& reference = shots_.at(frame);
    if (reference.layout == shot.layout && reference.sha256 == shot.sha256) continue;
    auto one = co_await pixels_of(reference);
    if (!one) co_return one.error();
    auto other = co_await pixels_of(shot);
    if (!other) co_return other.error();
    if (compare(*one, *other).pixels > 0) note_difference(pass, frame, std::move(shot));
  }
  co_return Result<void>{};
}

asio::awaitable<Result<void>> VerifyRun::explain_mismatch() {
  FirstDifference first{.frame = mismatch_->frame, .pass = mismatch_->pass};
  auto reference = co_await reference_of(first.frame);
  if (!reference) co_return reference.error();
  first.reference_is_steady = reference->sha256 == sums_[static_cast<std::size_t>(first.frame - report_.frames.first)];
  auto one = co_await pixels_of(*reference);
  if (!one) co_return one.error();
  auto other = co_await pixels_of(mismatch_->shot);
  if (!other) co_return other.error();
  first.difference = compare(*one, *other);
  auto kept = co_await keep_pictures(first, *one, *other);
  if (!kept) co_return kept.error();
  report_.difference = std::move(first);
  co_return Result<void>{};
}

/// The reference's picture. Not all of them fit into memory: one that was not kept is taken again, in the same way.
asio::awaitable<Result<Shot>> VerifyRun::reference_of(std::int64_t frame) {
  if (const auto kept = shots_.find(frame); kept != shots_.end()) co_return kept->second;
  VerifyPass again{.capture = std::string(to_string(mode_))};
  Shot last;
  const Visit keep_last = [&](std::int64_t, Shot shot) { last = std::move(shot); };
  auto taken = co_await take_frames(again, FrameRange{report_.frames.first, frame + 1}, keep_last);
  if (!taken) co_return taken.error();
  co_return last;
}

asio::awaitable<Result<void>> VerifyRun::keep_pictures(FirstDifference& first, const Picture& reference, const Picture& other) {
  std::error_code failed;
  fs::create_directories(options_.keep, failed);
  if (failed) {
    co_return Error{.code = Errc::output_unwritable,
                    .detail = "frame " + std::to_string(first.frame) + " differs, but its pictures cannot be kept in " +
                              options_.keep.string() + ": " + failed.message(),
                    .stage = Stage::verify};
  }
  auto folder = scratch(co_await asio::this_coro::executor);
  if (!folder) co_return folder.error();
  first.reference = options_.keep / "reference.png";
  first.other = options_.keep / "other.png";
  first.where = options_.keep / "difference.png";
  auto written = co_await write_png(reference, first.reference, *folder);
  if (written) written = co_await write_png(other, first.other, *folder);
  const Picture difference = difference_picture(reference, other);
  if (written) written = co_await write_png(difference, first.where, *folder);
  co_return written;
}

asio::awaitable<Result<Picture>> VerifyRun::pixels_of(const Shot& shot) {
  auto folder = scratch(co_await asio::this_coro::executor);
  if (!folder) co_return folder.error();
  co_return co_await picture_of(shot, options_.scene.width, options_.scene.height, *folder);
}

Result<fs::path> VerifyRun::scratch(asio::any_io_executor executor) {
  if (scratch_) return scratch_->path();
  const auto temporary = temporary_folder();
  if (!temporary) return temporary.error();
  auto folder = GuardedDir::create(std::move(executor), *temporary, "orchestrator-verify-");
  if (!folder) return folder.error();
  scratch_.emplace(std::move(*folder));
  return scratch_->path();
}

void VerifyRun::started(const VerifyPass& pass) const {
  if (events_.on_pass_started) events_.on_pass_started(pass);
}

}  // namespace orchestrator
