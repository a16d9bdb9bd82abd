#include "lambda/executor/answer_lines.hpp"

namespace orchestrator {

namespace {

// The worker protocol's limit for a message: a longer line is garbage.
constexpr std::size_t longest_line = std::size_t{16} << 20;

Error lost(std::string detail) {
  return Error{.code = Errc::executor_unavailable, .detail = std::move(detail), .stage = Stage::capture};
}

}  // namespace

void AnswerLines::feed(std::string_view bytes) {
  while (!bytes.empty() && !outcome_) {
    const auto end = bytes.find('\n');
    line_ += bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (line_.size() > longest_line) outcome_ = lost("the function's answer is not the worker protocol");
    if (end == std::string_view::npos || outcome_) return;
    const auto message = protocol::parse_message(line_);
    line_.clear();
    if (message) {
      take(*message);
    } else {
      outcome_ = message.error();
    }
  }
}

void AnswerLines::take(const protocol::Message& message) {
  if (const auto* progress = std::get_if<protocol::ChunkProgress>(&message)) {
    context_.progress(progress->captured, progress->encoded);
  } else if (const auto* log = std::get_if<protocol::Log>(&message)) {
    context_.log(log->level, log->text);
  } else if (const auto* failed = std::get_if<protocol::Failed>(&message)) {
    outcome_ = failed->error;
  } else if (const auto* done = std::get_if<protocol::Done>(&message)) {
    if (done->file) outcome_ = *done;
    if (!done->file) outcome_ = lost("the function's result has no file");
  } else if (const auto* described = std::get_if<protocol::Described>(&message)) {
    outcome_ = *described;
  }
}

Result<lambda::FunctionAnswer> AnswerLines::outcome() const {
  return outcome_ ? *outcome_ : Result<lambda::FunctionAnswer>(lost("the function's answer ended before its result"));
}

}  // namespace orchestrator
