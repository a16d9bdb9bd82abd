#include "media/run_ffmpeg.hpp"

#include "base/disk_error.hpp"
#include "base/machine_fault.hpp"
#include "media/ffmpeg_program.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <cerrno>
#include <csignal>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

SpawnOptions command(std::string program, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), std::move(program));
  return {.argv = std::move(arguments), .own_group = true};  // a script around the program must not keep it from being killed
}

/// Why a program did not run: it was cancelled, or could not be started.
Error not_run(Error error, Stage stage) {
  if (error.code != Errc::cancelled) error.code = Errc::encoder_unavailable;
  error.stage = stage;
  return error;
}

Error failed(Error failure, const ProgramOutput& output) {
  const std::string reason = ffmpeg_reason(output.error_tail);
  if (const auto fault = ffmpeg_fault(output.error_tail)) {
    failure.code = Errc::encoder_unavailable;
    failure.detail += ": " + fault->text();
    return failure;
  }
  failure.detail += ": " + (reason.empty() ? to_string(output.status) : reason);
  failure.output_tail = output.error_tail;
  return failure;
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

asio::awaitable<Result<std::string>> run_ffmpeg(std::vector<std::string> arguments, std::filesystem::path output, Error failure,
                                                std::filesystem::path folder) {
  auto program = ffmpeg_program(failure.stage);
  if (!program) co_return program.error();
  const std::vector<std::string> quiet{"-hide_banner", "-nostdin", "-loglevel", "error"};
  arguments.insert(arguments.begin(), quiet.begin(), quiet.end());
  SpawnOptions ffmpeg = command(*program, std::move(arguments));
  ffmpeg.folder = folder.string();
  auto run = co_await run_program(std::move(ffmpeg));
  if (!run) co_return not_run(run.error(), failure.stage);
  if (run->status.signal == SIGXFSZ) co_return *disk_error(EFBIG, output, failure.stage);
  if (auto full = disk_error(run->error_tail, output, failure.stage)) co_return *full;
  if (!run->status.success()) co_return failed(std::move(failure), *run);
  co_return std::move(run->error_tail);
}

asio::awaitable<Result<std::vector<ProbedStream>>> run_ffprobe(std::string source, std::string protocols, std::string formats,
                                                               bool count_packets, Error failure,
                                                               std::optional<std::chrono::milliseconds> load_timeout,
                                                               std::vector<std::string> options) {
  auto program = ffprobe_program(failure.stage);
  if (!program) co_return program.error();
  const auto arguments = ffprobe_arguments(source, protocols, formats, count_packets);
  options.insert(options.end(), arguments.begin(), arguments.end());
  SpawnOptions ffprobe = command(*program, std::move(options));
  auto run = co_await run_program(std::move(ffprobe), load_timeout);
  if (!run) co_return not_run(run.error(), failure.stage);
  if (run->timed_out) {
    failure.detail += ": not known after " + std::to_string(load_timeout->count()) + " ms (timeouts.load)";
    co_return failure;
  }
  if (!run->status.success()) co_return failed(std::move(failure), *run);
  auto streams = parse_ffprobe(run->output);
  if (streams) co_return streams;
  failure.detail += ": " + streams.error().detail;
  co_return failure;
}

}  // namespace orchestrator
