#pragma once

#include <orchestrator/export.hpp>

#include <boost/system/result.hpp>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// What went wrong, for programs. The names travel in JSON (worker protocol, `--json`), so they are never changed or reused.
enum class Errc {
  invalid_options,            ///< a field of RenderOptions is wrong; `detail` names it
  composition_not_found,      ///< file or directory missing or unreadable, or HTTP 4xx
  composition_unreachable,    ///< network error or HTTP 5xx
  load_timeout,               ///< page, fonts, images or `orchestratorReady` not ready within timeouts.load
  page_error,                 ///< uncaught exception, rejected renderFrame, failed image or font
  page_crashed,               ///< the renderer process of the page died
  frame_timeout,              ///< one frame took longer than timeouts.frame
  range_exceeds_composition,  ///< the page declares fewer frames than asked for
  browser_unavailable,        ///< Chromium (or Xvfb) missing or not starting
  browser_crashed,            ///< Chromium or the X server ended while rendering
  capture_failed,             ///< a frame could not be read
  encoder_unavailable,        ///< ffmpeg missing or without the codec
  encoder_failed,             ///< ffmpeg ended with an error
  audio_failed,               ///< an audio track could not be read or mixed
  chunk_invalid,              ///< a finished chunk has the wrong frame count or codec parameters
  assemble_failed,            ///< joining or muxing failed
  output_unwritable,          ///< output folder missing, read-only, full, or the file exists without `overwrite`
  executor_unavailable,       ///< a worker could not be started, died, or stopped answering
  protocol_error,             ///< a worker sent something the protocol does not allow
  timed_out,                  ///< the whole render exceeded timeouts.total
  cancelled,                  ///< stop_token, Asio cancellation or a signal
  internal,                   ///< a defect of this library, or an exception from a callback or an executor
  composition_changed,        ///< it is not the one that the plan was made for, or was changed while it was rendered
};

/// The part of the pipeline in which an error arose (docs/architecture.md).
enum class Stage { plan, start, load, capture, encode, verify, audio, assemble };

std::string_view to_string(Errc code) noexcept;
std::string_view to_string(Stage stage) noexcept;
std::optional<Errc> errc_from_string(std::string_view name) noexcept;
std::optional<Stage> stage_from_string(std::string_view name) noexcept;

/// True if the same chunk may succeed elsewhere or later (its worker died), false if it will fail again (a page error).
bool is_retryable(Errc code) noexcept;

/// An expected failure, as a value. Aggregate; copy freely. Texts are UTF-8 and may quote untrusted page content.
struct Error {
  Errc code{Errc::internal};
  std::string detail{};  ///< one sentence that names the field, file, host or URL and says what to do
  Stage stage{Stage::plan};
  std::optional<int> chunk{};           ///< RenderChunk::id
  std::optional<std::int64_t> frame{};  ///< the composition's frame number
  int attempt{0};                       ///< 1 = first try; 0 = not a chunk's error
  std::string worker{};                 ///< name of the worker or host, if one was involved
  std::string output_tail{};            ///< last lines a failed program wrote (at most 4 KiB)

  /// The error in one line for people, plus `output_tail` on lines of its own unless the line quotes it.
  std::string message() const;
};

/// Thrown only by `Result::value()`, when the result is an Error.
class RenderException : public std::runtime_error {
 public:
  explicit RenderException(Error error) : std::runtime_error(error.message()), error_(std::move(error)) {}
  const Error& error() const noexcept { return error_; }

 private:
  Error error_;
};

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

/// A value or an Error: `if (!result) use(result.error()); else use(*result);`
template <class T>
using Result = boost::system::result<T, Error>;

}  // namespace v0
}  // namespace orchestrator
