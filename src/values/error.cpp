#include <orchestrator/error.hpp>

namespace orchestrator {
inline namespace v0 {

bool is_retryable(Errc code) noexcept {
  switch (code) {
    case Errc::executor_unavailable:
    case Errc::browser_crashed:
    case Errc::page_crashed:
    case Errc::composition_unreachable:
    case Errc::load_timeout:
    case Errc::frame_timeout:
    case Errc::encoder_failed:
    case Errc::chunk_invalid:
    case Errc::capture_failed:
    case Errc::protocol_error: return true;
    case Errc::invalid_options:
    case Errc::composition_not_found:
    case Errc::page_error:
    case Errc::range_exceeds_composition:
    case Errc::browser_unavailable:
    case Errc::encoder_unavailable:
    case Errc::audio_failed:
    case Errc::assemble_failed:
    case Errc::output_unwritable:
    case Errc::timed_out:
    case Errc::cancelled:
    case Errc::internal:
    case Errc::composition_changed: return false;
  }
  return false;
}

std::string Error::message() const {
  std::string text;
  if (chunk) text += "chunk " + std::to_string(*chunk) + ", ";
  if (frame) text += "frame " + std::to_string(*frame) + ", ";
  if (code != Errc::invalid_options) text += std::string(to_string(stage)) + ": ";
  text += detail.empty() ? std::string(to_string(code)) : detail;
  if (!worker.empty()) text += " [" + worker + "]";
  // Often a program wrote a single line, which the detail quotes already.
  const std::string_view tail = std::string_view(output_tail).substr(0, output_tail.find_last_not_of('\n') + 1);
  if (!tail.empty() && text.find(tail) == std::string::npos) text += "\n" + output_tail;
  return text;
}

void throw_exception_from_error(const Error& error, const boost::source_location&) { throw RenderException(error); }

}  // namespace v0
}  // namespace orchestrator
