#include "orchestrator/program_output.hpp"

#include "base/text.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <utility>

namespace orchestrator::tool {

Result<std::string> program_output(std::vector<std::string> argv) {
  const std::string program = argv.front();
  SpawnOptions options{.argv = std::move(argv), .own_group = true};
  Result<ProgramOutput> output = Error{};
  boost::asio::io_context context(1);
  boost::asio::co_spawn(context, run_program(std::move(options)),
                        [&](const std::exception_ptr&, Result<ProgramOutput> ended) { output = std::move(ended); });
  context.run();
  if (!output) return output.error();
  if (output->status.success()) return std::move(output->output);
  return Error{.detail = program + " ended with " + to_string(output->status) + ": " + first_line(output->error_tail)};
}

}  // namespace orchestrator::tool
