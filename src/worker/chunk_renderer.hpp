#pragma once

#include "capture/capture_session.hpp"
#include "encode/encoder.hpp"
#include "serve/composition_server.hpp"

#include <orchestrator/chunk.hpp>
#include <orchestrator/progress.hpp>

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>

namespace orchestrator {

/// Where a running chunk reports to.
struct ChunkReports {
  std::function<void(std::int64_t captured, std::int64_t encoded)> progress{};
  std::function<void(LogLevel, std::string_view)> log{};
};

/// What is special about the machine that the browser runs on.
struct BrowserPlace {
  bool sandbox{true};               ///< as CaptureOptions::sandbox
  std::string unreachable_hosts{};  ///< "MAP ... ~NOTFOUND" rules: hosts that a page must not reach
};

/// Renders chunks on this machine, one at a time: page → capture → encode. And looks at compositions. Keeps the browser, with a
/// blank page, for later chunks of the same size, language and capture mode.
class ChunkRenderer {
 public:
  explicit ChunkRenderer(ChunkReports reports, BrowserPlace place = {});
  ~ChunkRenderer();

  /// Writes `job.output`; removes it again on failure. With a `source`, `job.composition` is a path on the machine that files
  /// come from. Cancellation: terminal.
  boost::asio::awaitable<Result<ChunkResult>> render(ChunkJob job, FileSource source);
  /// Loads a page as for a chunk, and returns what it says of itself. `job` has no frames. Cancellation: terminal.
  boost::asio::awaitable<Result<CompositionDescription>> describe(ChunkJob job, FileSource source);
  /// Ends the browser.
  boost::asio::awaitable<void> stop();

 private:
  template <class T>
  using Work = std::function<boost::asio::awaitable<Result<T>>(const std::string& url)>;
  template <class T>
  boost::asio::awaitable<Result<T>> with_page(const ChunkJob& job, FileSource source, const Work<T>& work);
  boost::asio::awaitable<Result<CompositionDescription>> look_at_page(const ChunkJob& job, const std::string& url);
  boost::asio::awaitable<void> end_page();
  boost::asio::awaitable<bool> change_backend(const ChunkJob& job, const Error& error);
  boost::asio::awaitable<Result<ChunkResult>> render_frames(const ChunkJob& job, const std::string& url);
  boost::asio::awaitable<Result<void>> encode_frames(const ChunkJob& job, Encoder& encoder, std::int64_t& captured,
                                                     ChunkResult& result);
  boost::asio::awaitable<Result<std::string>> resolve_composition(const std::string& composition, FileSource source);
  boost::asio::awaitable<Result<void>> ensure_browser(const ChunkJob& job);
  boost::asio::awaitable<void> ask_encoder();
  boost::asio::awaitable<Result<LoadedPage>> load_page(const ChunkJob& job, const std::string& url);

  ChunkReports reports_;
  BrowserPlace place_;
  std::unique_ptr<CompositionServer> server_{};
  std::unique_ptr<CaptureSession> browser_{};
  CaptureOptions browser_options_{};
  CaptureCpu reported_cpu_{};
  std::string encoder_version_{};
  std::string composition_without_shm_{};  // the composition that shm cannot show
  std::string without_shm_{};              // why it cannot
};

}  // namespace orchestrator
