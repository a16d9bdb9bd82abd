#pragma once

#include <orchestrator/progress.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace orchestrator::tool {

enum class ProgressStyle { none, bar, json };
/// "auto" is a bar on a terminal (of stderr), nothing elsewhere.
std::optional<ProgressStyle> progress_style(std::string_view name);

/// Shows progress on stderr. Thread-safe, because executors also log from threads of their own.
class ProgressDisplay {
 public:
  explicit ProgressDisplay(ProgressStyle style) : style_(style) {}
  void show(const Progress& progress);
  /// Prints text in place of the bar, so that the bar does not overwrite it. The text may come from a page.
  void print(std::string_view text);
  /// Ends the line of the bar.
  void end();

 private:
  void draw(const Progress& progress);
  std::mutex mutex_{};
  ProgressStyle style_;
  std::chrono::steady_clock::time_point start_{std::chrono::steady_clock::now()};
  std::chrono::steady_clock::time_point drawn_{};
  RenderPhase phase_{RenderPhase::starting};
  bool on_bar_{false};
};

/// One line, narrower than `columns`: "rendering   42 % [#####     ] 126/300 frames  31.2 fps  0:05 left". Pure.
std::string progress_bar(const Progress& progress, std::chrono::duration<double> elapsed, int columns);
/// {"fraction":0.42,"frames_done":126,"frames_total":300,"stage":"rendering"}
std::string progress_json(const Progress& progress);

}  // namespace orchestrator::tool
