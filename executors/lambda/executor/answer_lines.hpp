#pragma once

#include "lambda/messages/function_answer.hpp"

#include <orchestrator/render_executor.hpp>

#include <optional>
#include <string>

namespace orchestrator {

/// Reads a function's answer as it comes: worker protocol messages as JSON lines.
class AnswerLines {
 public:
  explicit AnswerLines(ChunkContext& context) : context_(context) {}
  void feed(std::string_view bytes);
  /// The result, or why there is none: an error of the function, an answer that was cut off, or bytes that are not the protocol.
  Result<lambda::FunctionAnswer> outcome() const;

 private:
  void take(const protocol::Message& message);

  ChunkContext& context_;
  std::string line_{};
  std::optional<Result<lambda::FunctionAnswer>> outcome_{};
};

}  // namespace orchestrator
