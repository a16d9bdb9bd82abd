#include "orchestrator/command_end.hpp"

#include "orchestrator/commands.hpp"
#include "orchestrator/option_names.hpp"
#include "orchestrator/terminal_text.hpp"

#include <cstdio>

namespace orchestrator::tool {

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

void print_line(const std::string& text) { std::printf("%s\n", text.c_str()); }

}  // namespace orchestrator::tool
