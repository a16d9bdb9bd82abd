#include "assemble/run_ffmpeg.hpp"

#include "process/child_process.hpp"
#include "process/ffmpeg_program.hpp"

namespace orchestrator {

namespace asio = boost::asio;

namespace {

asio::awaitable<Result<std::string>> run(std::string program, std::vector<std::string> arguments, Error failure) {
  SpawnOptions options{.argv = std::move(arguments)};
  options.argv.insert(options.argv.begin(), std::move(program));
  auto output = co_await run_program(std::move(options));
  if (!output) co_return output.error();
  if (output->status.success()) co_return std::move(output->output);
  const std::string reason = ffmpeg_reason(output->error_tail);
  failure.detail += ": " + (reason.empty() ? to_string(output->status) : reason);
  failure.output_tail = output->error_tail;
  co_return failure;
}

}  // namespace

std::string ffmpeg_reason(std::string_view output_tail) {
  // The first line names the cause; what follows are its consequences and advice.
  std::string_view line = output_tail.substr(0, output_tail.find('\n'));
  if (line.starts_with('[')) {
    const auto close = line.find("] ");
    if (close != std::string_view::npos) line.remove_prefix(close + 2);
  }
  return std::string(line);
}

asio::awaitable<Result<void>> run_ffmpeg(std::vector<std::string> arguments, Error failure) {
  auto program = ffmpeg_program(failure.stage);
  if (!program) co_return program.error();
  const std::vector<std::string> quiet{"-hide_banner", "-nostdin", "-loglevel", "error"};
  arguments.insert(arguments.begin(), quiet.begin(), quiet.end());
  auto output = co_await run(*program, std::move(arguments), std::move(failure));
  if (!output) co_return output.error();
  co_return Result<void>();
}

asio::awaitable<Result<std::vector<ProbedStream>>> run_ffprobe(std::string source, std::string protocols, bool count_packets,
                                                               Error failure) {
  auto program = ffprobe_program(failure.stage);
  if (!program) co_return program.error();
  auto output = co_await run(*program, ffprobe_arguments(source, protocols, count_packets), failure);
  if (!output) co_return output.error();
  auto streams = parse_ffprobe(*output);
  if (streams) co_return streams;
  failure.detail += ": " + streams.error().detail;
  co_return failure;
}

}  // namespace orchestrator
