#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace orchestrator {

/// What about this machine keeps Chromium, Xvfb or ffmpeg from working, and what mends it. This is the one place that knows such
/// causes: `doctor` asks it before a render, and the errors of a render ask it afterwards.
struct MachineFault {
  std::string cause{};
  std::string remedy{};
  /// "CAUSE: REMEDY"
  std::string text() const { return cause + ": " + remedy; }
};

/// The oldest ffmpeg that can encode and join: the option -stats_period and the bitstream filter setts came with it.
inline constexpr std::string_view oldest_ffmpeg = "4.4";

/// /proc is not there. Chromium finds its own processes through it.
std::optional<MachineFault> proc_fault();
/// The network device lo is down, so that nothing on this machine reaches a server on it.
std::optional<MachineFault> loopback_fault();
/// This process and its children may open too few files for Chromium.
std::optional<MachineFault> open_files_fault();

/// Why Chromium or Xvfb failed, judged by the last lines that it wrote and by this machine as it is now. Nothing if the cause is
/// none of those that are known.
std::optional<MachineFault> browser_fault(std::string_view last_words);
/// Why ffmpeg or ffprobe failed, judged by the last lines that it wrote. Pure.
std::optional<MachineFault> ffmpeg_fault(std::string_view last_words);

/// Why a process could not be started: strerror(3), and what to do if a limit was reached.
std::string start_failure(int error);

}  // namespace orchestrator
