#include "orchestrator/command_end.hpp"

#include "orchestrator/commands.hpp"
#include "orchestrator/option_names.hpp"
#include "orchestrator/terminal_text.hpp"

#include <cstdio>

namespace orchestrator::tool {

namespace {

/// What is_retryable() leaves out, because within a render it is the same for every chunk, may be better on the next machine: the
/// programs that it has, the room on its disk, and its time.
bool may_succeed_elsewhere(Errc code) {
  return is_retryable(code) || code == Errc::browser_unavailable || code == Errc::encoder_unavailable ||
         code == Errc::output_unwritable || code == Errc::timed_out;
}

}  // namespace

Error tell_error(const Error& error) {
  Error told = in_option_names(error);
  std::fprintf(stderr, "orchestrator: error: %s\n", terminal_text(told.message()).c_str());
  return told;
}

int exit_status_after(const Error& error, int signal) {
  constexpr int first_signal_status = 128;  // shells report signals like this
  if (error.code == Errc::cancelled && signal != 0) return first_signal_status + signal;
  return error.code == Errc::invalid_options ? exit_usage : exit_failed;
}

int chunk_exit_status_after(const Error& error, int signal) {
  const int status = exit_status_after(error, signal);
  return status == exit_failed && may_succeed_elsewhere(error.code) ? exit_elsewhere : status;
}

Error wrong_progress() { return {.code = Errc::invalid_options, .detail = "--progress is auto, bar, json or none"}; }

void print_line(const std::string& text) { std::printf("%s\n", text.c_str()); }

}  // namespace orchestrator::tool
