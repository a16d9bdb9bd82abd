#include "base/machine_fault.hpp"

#include <catch2/catch.hpp>

#include <cerrno>

using namespace orchestrator;

namespace {

std::string text_of(const std::optional<MachineFault>& fault) { return fault ? fault->text() : ""; }

}  // namespace

TEST_CASE("machine fault: what an old ffmpeg writes names the version that is needed", "[media]") {
  // ffmpeg 4.1 of 2018
  const std::string no_option = "Unrecognized option 'stats_period'.\nError splitting the argument list: Option not found\n";
  CHECK(
      text_of(ffmpeg_fault(no_option)) ==
      "this ffmpeg is too old (Unrecognized option 'stats_period'.): ffmpeg 4.4 or later is needed; ORCHESTRATOR_FFMPEG may name "
      "another one");
  CHECK_THAT(text_of(ffmpeg_fault("some warning\nUnknown bitstream filter setts\n")), Catch::Contains("bitstream filter setts)"));
  CHECK_FALSE(ffmpeg_fault("a.wav: Invalid data found when processing input").has_value());
  CHECK_FALSE(ffmpeg_fault("").has_value());
}

TEST_CASE("machine fault: what Chromium writes without a sandbox names user namespaces", "[capture]") {
  // Chromium 156: without namespaces and without its helper; with a helper that may not become root.
  const auto none =
      browser_fault("[1129/142125.6:ERROR:content/browser/zygote_host/zygote_host_impl_linux.cc:130] No usable sandbox! If");
  const auto no_root = browser_fault(
      "The setuid sandbox is not running as root. Common causes:\n"
      "Failed to move to new namespace: PID namespaces supported, Network namespace supported, but "
      "failed: errno = Operation not permitted");
  CHECK_THAT(text_of(none), Catch::Contains("user namespaces") && Catch::Contains("apt-get install chromium-sandbox"));
  CHECK_THAT(text_of(no_root), Catch::Contains("user namespaces") && !Catch::Contains("chromium-sandbox"));
}

TEST_CASE("machine fault: limits that Chromium ran into are named with what raises them", "[capture]") {
  CHECK_THAT(text_of(browser_fault("Creating shared memory failed: Too many open files (24)")), Catch::Contains("ulimit -n"));
  CHECK_THAT(text_of(browser_fault("platform_thread_posix.cc:162] pthread_create: Resource temporarily unavailable (11)")),
             Catch::Contains("ulimit -u"));
  CHECK_FALSE(browser_fault("libsomething.so is missing").has_value());
}

TEST_CASE("machine fault: a process that cannot be started names the limit in the way", "[process]") {
  CHECK_THAT(start_failure(EMFILE), Catch::Contains("Too many open files") && Catch::Contains("ulimit -n"));
  CHECK_THAT(start_failure(EAGAIN), Catch::Contains("ulimit -u"));
  CHECK(start_failure(ENOENT) == "No such file or directory");
}
