#pragma once

#include "encode/encoder_arguments.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace orchestrator {

/// One ffmpeg that turns frames into a chunk file while they arrive. Lives on one strand.
class Encoder {
 public:
  /// Starts ffmpeg. `on_progress(frames_encoded)` is called on `executor`, a strand, while the Encoder lives.
  /// Errors: invalid_options, encoder_unavailable.
  static Result<Encoder> start(boost::asio::any_io_executor executor, EncoderJob job,
                               std::function<void(std::int64_t)> on_progress = {});
  Encoder(Encoder&&) noexcept;
  Encoder& operator=(Encoder&&) = delete;
  /// Kills an ffmpeg that has not ended and waits for the feeding thread, milliseconds at most; stop() does it without blocking.
  ~Encoder();

  /// Queues a frame; suspends while two are queued. Errors: encoder_failed (with ffmpeg's last words) once ffmpeg is gone;
  /// capture_failed for a frame of the wrong size; cancelled.
  boost::asio::awaitable<Result<void>> write(Frame frame);
  /// Takes no more frames and returns when the file is complete. Errors: encoder_failed, cancelled.
  boost::asio::awaitable<Result<void>> finish();
  /// Gives up: kills ffmpeg and removes its file. After a successful finish() it does nothing.
  boost::asio::awaitable<void> stop();

  std::int64_t frames_encoded() const noexcept;
  /// CPU time of ffmpeg (user + system); known after finish() or stop().
  std::chrono::microseconds cpu() const noexcept;

 private:
  struct State;
  explicit Encoder(std::shared_ptr<State> state);
  static boost::asio::awaitable<void> read_progress(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// The error for an ffmpeg that failed: encoder_unavailable if its build lacks the encoder, else encoder_failed.
Error encoder_error(const std::string& how_it_ended, const std::string& output_tail, const EncoderJob& job);

}  // namespace orchestrator
