#pragma once

#include "protocol/messages.hpp"

#include <orchestrator/render_executor.hpp>

#include <optional>
#include <string>

namespace orchestrator {

/// Reads a function's answer, worker protocol messages as JSON lines, as it comes.
class AnswerLines {
 public:
  explicit AnswerLines(ChunkContext& context) : context_(context) {}
  void feed(std::string_view bytes);
  /// The result, or why there is none: the function's own error, an answer without an end, something that is no answer.
  Result<protocol::Done> outcome() const;

 private:
  void take(const protocol::Message& message);

  ChunkContext& context_;
  std::string line_{};
  std::optional<Result<protocol::Done>> outcome_{};
};

}  // namespace orchestrator
