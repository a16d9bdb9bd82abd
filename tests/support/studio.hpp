#pragma once

#include "capture/capture_session.hpp"
#include "serve/composition_server.hpp"
#include "support/http_server.hpp"
#include "support/processes.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator::test {

/// An environment variable for the length of a scope.
class Variable {
 public:
  Variable(std::string name, const std::string& value);
  ~Variable();
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_{};
};

/// Starts a capture session of 320x180 and stops it. Returns the session's description.
Result<std::string> start_capture(CaptureMode mode);

/// Why a page was not loaded; empty if it was.
inline std::string error_of(const Result<LoadedPage>& loaded) { return loaded ? "" : loaded.error().message(); }

/// A capture session of 320x180 with a TMPDIR of its own, by which its processes and files are known.
class Studio {
 public:
  /// Throws if the backend does not work here.
  explicit Studio(CaptureMode mode, const std::string& locale = "en-US");
  ~Studio();

  CaptureSession& session() { return *session_; }
  /// `page`: a URL, an absolute path, or the name of a page in tests/pages.
  Result<LoadedPage> load(const std::string& page, FrameRange frames, TimeoutOptions timeouts = {}, PageSettings settings = {});
  Result<Frame> take(std::int64_t frame);
  /// Each frame's pixels (B, G, R, 0); throws if one cannot be taken.
  std::vector<std::string> pictures(const std::vector<std::int64_t>& frames);
  /// Writes a page and returns its path.
  std::string file(const std::string& name, std::string_view text) const;
  /// The URL under which the browser finds a page written before; each of its files comes after `delay(its target)`.
  std::string serve(const std::string& page, std::function<std::chrono::milliseconds(const std::string&)> delay);
  /// Ends the process whose command contains `text`.
  void kill(std::string_view text) const;
  void stop();
  const std::string& log() const { return log_; }
  /// The session's processes and temporary files; those that are about to end get a second.
  std::string remains() const;

 private:
  std::vector<Process> processes() const;
  std::string decoded(const std::string& pngs) const;

  TempDir folder_{};
  TempDir pages_{};
  Variable temporary_files_;
  boost::asio::io_context context_{1};
  std::string log_{};
  std::unique_ptr<CompositionServer> server_;
  std::unique_ptr<CaptureSession> session_{};
};

}  // namespace orchestrator::test
