#pragma once

#include <orchestrator/render_executor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace orchestrator {
inline namespace v0 {
namespace testing {

using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;

/// A ChunkContext that writes down what it is told, and whether that was allowed. May be called on any thread, because a broken
/// executor does.
class Recorder final : public ChunkContext {
 public:
  struct Step {
    std::int64_t captured{0};
    std::int64_t encoded{0};
    std::chrono::steady_clock::time_point at{};
  };
  struct Notes {
    std::vector<Step> steps{};
    int off_strand{0};  ///< calls that did not come on the render's strand
    int late{0};        ///< calls after the end of render_chunk
  };
  using OnStep = std::function<void(const Step&)>;

  /// `on_step` is called with each step, and may throw.
  Recorder(Strand strand, OnStep on_step) : strand_(std::move(strand)), on_step_(std::move(on_step)) {}
  void progress(std::int64_t captured, std::int64_t encoded) override;
  void log(LogLevel, std::string_view) override { note_call(); }
  /// render_chunk has ended: from now on no call is allowed.
  void end();
  Notes notes() const;

 private:
  bool note_call();

  std::optional<Strand> strand_;  // none after the end: the executor may keep the recorder for longer than there is a loop
  OnStep on_step_;
  mutable std::mutex mutex_{};
  Notes notes_{};
};

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
