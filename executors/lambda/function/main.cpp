#include "lambda/function/function_folder.hpp"
#include "lambda/function/render_function.hpp"

#include "capture/programs.hpp"
#include "media/ffmpeg_program.hpp"

#include <orchestrator/version.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace orchestrator::lambda {

namespace {

namespace asio = boost::asio;

constexpr const char* help =
    "orchestrator-lambda: the bootstrap of an AWS Lambda function that renders chunks of a video.\n"
    "It takes no arguments. AWS Lambda starts it, as a container image's entry point or as the file `bootstrap`, and tells it\n"
    "everything in its environment (AWS_LAMBDA_RUNTIME_API and others). It needs chromium-headless-shell and ffmpeg.\n"
    "To deploy it: docs/lambda-function.md. To invoke it: orchestrator render --executor lambda.\n"
    "  --help      this text\n"
    "  --version   the version\n";

std::optional<std::string> variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// Hides the role's keys from Chromium and ffmpeg, which work for an untrusted composition: takes them out of the environment and
/// closes /proc/PID of this process, which runs as the same user (proc(5), prctl(2)).
void hide_credentials() {
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) ::unsetenv(name);
  ::prctl(PR_SET_DUMPABLE, 0);
}

/// All temporary files go below one folder, so that the next process can tell what to remove.
Result<FunctionFolder> make_folder(const asio::any_io_executor& executor) {
  auto made = FunctionFolder::create(executor, variable("TMPDIR").value_or("/tmp"));
  if (made) ::setenv("TMPDIR", made->folder.path().c_str(), 1);
  return made;
}

/// Looks for the programs at the start, so that a missing one shows with a deployment's first invocation, not within a chunk.
std::optional<FunctionFailure> find_missing_program() {
  const auto chromium = find_chromium();
  if (!chromium && !find_headless_shell()) return FunctionFailure{"Function.BrowserMissing", chromium.error().detail};
  const auto ffmpeg = ffmpeg_program(Stage::encode);
  if (!ffmpeg) return FunctionFailure{"Function.EncoderMissing", ffmpeg.error().detail};
  return std::nullopt;
}

void run_until_end(asio::io_context& context, RenderFunction& function) {
  asio::cancellation_signal cancel;
  asio::signal_set signals(context, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code aborted, int) {
    if (aborted) return;
    function.stop();
    cancel.emit(asio::cancellation_type::terminal);
  });
  const auto ended = [&](const std::exception_ptr& thrown) {
    context.stop();
    if (thrown) std::rethrow_exception(thrown);
  };
  asio::co_spawn(context, function.run(), asio::bind_cancellation_slot(cancel.slot(), ended));
  context.run();
}

int fail_init(asio::io_context& context, const Settings& settings, const FunctionFailure& failure) {
  CloudLog().write("error", failure.message);
  RuntimeClient runtime(context.get_executor(), settings.runtime_api);
  asio::co_spawn(context, runtime.report_init_error(failure), [](const std::exception_ptr&, const Result<void>&) {});
  context.run();
  return 1;
}

int run() {
  ::signal(SIGPIPE, SIG_IGN);
  asio::io_context context(1);
  auto settings = read_settings(variable);
  if (!settings) {
    const Settings reachable{.runtime_api = variable("AWS_LAMBDA_RUNTIME_API").value_or("")};
    const FunctionFailure failure{"Function.BadEnvironment", settings.error().detail};
    if (!reachable.runtime_api.empty()) return fail_init(context, reachable, failure);
    CloudLog().write("error", failure.message);
    return 1;
  }
  hide_credentials();
  if (auto missing = find_missing_program()) return fail_init(context, *settings, *missing);
  auto own = make_folder(context.get_executor());
  if (!own) return fail_init(context, *settings, {"Function.NoTemporaryFolder", own.error().detail});
  RenderFunction function(context.get_executor(), std::move(*settings), std::move(own->folder));
  run_until_end(context, function);
  return 0;
}

}  // namespace

}  // namespace orchestrator::lambda

int main(int argc, char** argv) {
  if (argc < 2) return orchestrator::lambda::run();
  const std::string_view word = argv[1];
  if (word == "--version") return std::puts("orchestrator-lambda " ORCHESTRATOR_VERSION) < 0 ? 1 : 0;
  const bool is_question = word == "--help" || word == "-h";
  std::fputs(orchestrator::lambda::help, is_question ? stdout : stderr);
  return is_question ? 0 : 2;
}
