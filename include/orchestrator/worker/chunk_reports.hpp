#pragma once

#include <orchestrator/export.hpp>
#include <orchestrator/render_executor.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// Passes on what a worker reports, with the name of the worker or of its host before each log line. `target` must outlive it.
/// Thread safety: that of `target`.
class NamedContext final : public ChunkContext {
 public:
  NamedContext(std::string name, ChunkContext& target) : name_(std::move(name)), target_(target) {}
  void progress(std::int64_t captured, std::int64_t encoded) override { target_.progress(captured, encoded); }
  void log(LogLevel level, std::string_view text) override { target_.log(level, name_ + ": " + std::string(text)); }

 private:
  std::string name_;
  ChunkContext& target_;
};

/// Warns, once in its life, that a composition on localhost is another server where it is rendered. Not thread-safe.
class LoopbackWarning {
 public:
  /// `place`: what the workers are on, in the singular: "host".
  explicit LoopbackWarning(std::string place) : place_(std::move(place)) {}
  /// Logs the warning if `composition` is such a URL (is_loopback_url()) and it has not been logged yet.
  void look_at(const std::string& composition, ChunkContext& context);

 private:
  std::string place_;
  bool told_{false};
};

}  // namespace v0
}  // namespace orchestrator
