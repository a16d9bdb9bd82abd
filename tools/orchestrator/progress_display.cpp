#include "orchestrator/progress_display.hpp"

#include "orchestrator/terminal_text.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

namespace orchestrator::tool {

namespace {

// The shortest time between two reports: nobody sees more on a terminal, and a log should not get more.
constexpr std::chrono::milliseconds redraw_interval{100};

int terminal_columns() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

std::string minutes(double seconds) {
  const auto whole = static_cast<long>(std::lround(std::min(seconds, 359'999.0)));
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

}  // namespace

std::optional<ProgressStyle> progress_style(std::string_view name) {
  if (name == "none") return ProgressStyle::none;
  if (name == "bar") return ProgressStyle::bar;
  if (name == "json") return ProgressStyle::json;
  if (name == "auto") return ::isatty(STDERR_FILENO) != 0 ? ProgressStyle::bar : ProgressStyle::none;
  return std::nullopt;
}

std::string progress_bar(const Progress& progress, std::chrono::duration<double> elapsed, int columns) {
  const double rate = elapsed.count() > 0 ? static_cast<double>(progress.frames_done) / elapsed.count() : 0;
  // The first frames come after the browsers' start, so that an estimate from a few of them would be wild.
  const bool is_known = rate > 0 && progress.frames_done * 50 >= progress.frames_total;
  const std::string left = is_known ? minutes(static_cast<double>(progress.frames_total - progress.frames_done) / rate) : "-:--";
  char head[64];
  char tail[128];
  std::snprintf(head, sizeof head, "%-10s %3d %% ", std::string(to_string(progress.phase)).c_str(),
                static_cast<int>(progress.fraction * 100));
  std::snprintf(tail, sizeof tail, " %lld/%lld frames  %.1f fps  %s %s", static_cast<long long>(progress.frames_done),
                static_cast<long long>(progress.frames_total), rate,
                (progress.phase == RenderPhase::done ? minutes(elapsed.count()) : left).c_str(),
                progress.phase == RenderPhase::done ? "in all" : "left");
  const int room =
      std::clamp(columns - static_cast<int>(std::string_view(head).size() + std::string_view(tail).size()) - 3, 0, 40);
  const int filled = static_cast<int>(progress.fraction * room);
  std::string line = head;
  if (room >= 5)
    line += "[" + std::string(static_cast<std::size_t>(filled), '#') + std::string(static_cast<std::size_t>(room - filled), ' ') +
            "]";
  line += tail;
  return line.substr(0, static_cast<std::size_t>(std::max(1, columns - 1)));
}

std::string progress_json(const Progress& progress) {
  char line[200];
  std::snprintf(line, sizeof line, R"({"fraction":%.6f,"frames_done":%lld,"frames_total":%lld,"stage":"%s"})", progress.fraction,
                static_cast<long long>(progress.frames_done), static_cast<long long>(progress.frames_total),
                std::string(to_string(progress.phase)).c_str());
  return line;
}

void ProgressDisplay::show(const Progress& progress) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  const bool turns = std::exchange(phase_, progress.phase) != progress.phase;  // a new stage is always shown
  if (style_ == ProgressStyle::none || (!turns && now - drawn_ < redraw_interval)) return;
  drawn_ = now;
  draw(progress);
}

void ProgressDisplay::draw(const Progress& progress) {
  if (style_ == ProgressStyle::json) {
    std::fprintf(stderr, "%s\n", progress_json(progress).c_str());
    return;
  }
  on_bar_ = true;
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  std::fprintf(stderr, "\r\033[K%s", progress_bar(progress, elapsed, terminal_columns()).c_str());
  std::fflush(stderr);
}

void ProgressDisplay::print(std::string_view text) {
  const std::lock_guard lock(mutex_);
  std::fprintf(stderr, "%s%s\n", on_bar_ ? "\r\033[K" : "", terminal_text(text).c_str());
}

void ProgressDisplay::end() {
  const std::lock_guard lock(mutex_);
  if (on_bar_) std::fprintf(stderr, "\n");
  on_bar_ = false;
}

}  // namespace orchestrator::tool
