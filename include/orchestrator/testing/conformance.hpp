#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_executor.hpp>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {
namespace testing {

/// The executor to be checked, and what its checks may use. Only `make` and `folder` are required.
struct ConformanceSubject {
  /// Makes an executor that is ready for use and independent of those made before. Each check has one of its own, or several.
  std::function<std::unique_ptr<RenderExecutor>()> make{};
  /// An existing folder for compositions, chunks and temporary files. A short path: browsers have sockets in it.
  std::filesystem::path folder{};
  VideoOptions video{.width = 100, .height = 56, .preset = "ultrafast"};
  std::int64_t frames{12};  ///< of most chunks; at least 8
  /// The composition. Empty: a page of the suite that draws the numbers that read_fake_film() reads, so that each frame is
  /// checked.
  std::string composition{};
  bool draws_numbers{false};  ///< `composition` or the executor draws these numbers, too

  /// Changes a job so that it fails. Default: its composition is a page that throws at the fifth frame.
  std::function<void(ChunkJob&)> make_failing{};
  Errc failure{Errc::page_error};  ///< the code of that error
  /// Changes a job so that it is slow. Default: its composition is a page that calculates for some time in each frame. To cancel
  /// it, a slow chunk is also made with forty times `frames`, which must then take some times `soon`.
  std::function<void(ChunkJob&)> make_slow{};

  /// Makes an executor that has no slot until `give_slots` is called for it. Without both, that is not checked.
  std::function<std::unique_ptr<RenderExecutor>()> make_without_slots{};
  std::function<void(RenderExecutor&)> give_slots{};

  /// What is left of an executor that was destroyed, beside processes and temporary files of this machine: jobs in a queue,
  /// objects in a bucket. A line each; asked again until it is empty or `soon` has passed.
  std::function<std::vector<std::string>()> left_over{};

  std::chrono::milliseconds patience{60'000};  ///< how long a chunk may take, with the start of whatever renders it
  std::chrono::milliseconds soon{10'000};      ///< how long the end of a cancelled chunk and of the executor may take
  std::chrono::milliseconds quick{1'000};      ///< how long a call may hold up the thread that it is made on
};

/// A part of the contract of RenderExecutor (docs/executors.md).
struct ConformanceCheck {
  std::string_view name;
  std::string_view promise;
};

/// All checks, in the order in which they make sense.
std::span<const ConformanceCheck> conformance_checks() noexcept;

/// What came of one check. The executor has kept its promise if both are empty.
struct ConformanceReport {
  std::string check{};
  std::vector<std::string> findings{};  ///< how the promise was broken, a sentence each
  std::string skipped{};                ///< why it could not be checked
};

/// Runs one check, by its name; std::invalid_argument for any other name. Blocking: some seconds, at most a few times `patience`,
/// unless a call of the executor never returns. Sets the environment variables TMPDIR and ORCHESTRATOR_CONFORMANCE meanwhile, by
/// which temporary files and processes are found that an executor leaves behind: at most one check at a time, and no other thread
/// that reads or writes the environment. A chunk that never ends is given up with all it uses, which is never freed.
ConformanceReport check_conformance(const ConformanceSubject& subject, std::string_view check);
/// Runs all checks.
std::vector<ConformanceReport> check_conformance(const ConformanceSubject& subject);

/// The reports for people, with a line for each finding and each check that was skipped; empty if there are none.
std::string to_string(std::span<const ConformanceReport> reports);

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
