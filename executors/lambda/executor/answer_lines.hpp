#pragma once

#include <orchestrator/render_executor.hpp>
#include <orchestrator/worker/messages.hpp>

#include <optional>
#include <string>

namespace orchestrator {

/// Reads a function's answer as it comes: worker protocol messages as JSON lines.
class AnswerLines {
 public:
  explicit AnswerLines(ChunkContext& context) : context_(context) {}
  void feed(std::string_view bytes);
  /// The result, or why there is none: an error of the function, an answer that was cut off, or bytes that are not the protocol.
  Result<protocol::Done> outcome() const;

 private:
  void take(const protocol::Message& message);

  ChunkContext& context_;
  std::string line_{};
  std::optional<Result<protocol::Done>> outcome_{};
};

}  // namespace orchestrator
