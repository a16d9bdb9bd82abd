// What many invocations at a time cost the caller: one thread, its memory, the wall time.
//   lambda [--invocations N] [--function-seconds S]
// The functions do nothing for S seconds, in an emulator of AWS Lambda in another process. benchmarks/README.md.
#include "lambda/aws/lambda_client.hpp"
#include "support/lambda_emulator.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

namespace {

namespace asio = boost::asio;
using namespace orchestrator;
using Clock = std::chrono::steady_clock;

const test::LambdaAccount account;

/// Serves until `stop` closes, then prints what it saw.
[[noreturn]] void run_service(int port_pipe, int stop, std::chrono::milliseconds delay) {
  test::LambdaFunction function;
  function.builtin = [](const std::string&) { return std::vector<std::string>{"{\"type\":\"heartbeat\"}\n"}; };
  function.builtin_delay = delay;
  const test::LambdaEmulator lambda(function, {}, account);
  const std::string endpoint = lambda.endpoint() + "\n";
  if (::write(port_pipe, endpoint.data(), endpoint.size()) < 0) std::_Exit(1);
  char byte = 0;
  while (::read(stop, &byte, 1) > 0) {
  }
  std::printf("%-28s %d\n", "most at the same time", lambda.counts().most_running);
  std::fflush(stdout);
  std::_Exit(0);
}

/// A number in /proc/self/status (proc(5)): VmHWM in KiB, or Threads.
long status_field(const char* name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name)) return std::strtol(line.c_str() + std::strlen(name), nullptr, 10);
  }
  return 0;
}

asio::awaitable<void> invoke(aws::LambdaClient& client, int& done) {
  aws::LambdaInvocation invocation;
  invocation.payload = "{}";
  auto ended = co_await client.invoke_streaming(std::move(invocation), [](std::string_view) {});
  done += ended ? 1 : 0;
}

void run_caller(const std::string& endpoint, int invocations) {
  asio::io_context loop(1);
  aws::HttpClient http(loop.get_executor());
  aws::CredentialSource keys(loop.get_executor(), http, {.keys = {account.access_key_id, account.secret_access_key, ""}});
  aws::RetryBudget budget;
  aws::LambdaClient client(http, keys, budget, {.region = account.region, .function = "render", .endpoint = endpoint});
  int done = 0;
  const auto start = Clock::now();
  for (int i = 0; i < invocations; ++i) asio::co_spawn(loop, invoke(client, done), asio::detached);
  loop.run();
  const double wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  std::printf("%-28s %d of %d\n%-28s %.2f s\n%-28s %ld\n%-28s %.0f MB\n%-28s %.2f s\n", "invocations done", done, invocations,
              "wall", wall_s, "threads", status_field("Threads:"), "peak memory of the caller",
              static_cast<double>(status_field("VmHWM:")) / 1024, "CPU of the caller",
              static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                  static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
}

}  // namespace

int main(int argc, char** argv) {
  int invocations = 500;
  double function_s = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--invocations") == 0) invocations = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--function-seconds") == 0) function_s = std::atof(argv[i + 1]);
  }
  int port[2], stop[2];
  if (::pipe(port) != 0 || ::pipe(stop) != 0) return 1;
  const pid_t service = ::fork();
  if (service == 0) {
    ::close(stop[1]);
    run_service(port[1], stop[0], std::chrono::milliseconds(static_cast<long>(function_s * 1000)));
  }
  std::string endpoint;
  for (char byte = 0; ::read(port[0], &byte, 1) == 1 && byte != '\n';) endpoint += byte;
  run_caller(endpoint, invocations);
  ::close(stop[1]);
  ::waitpid(service, nullptr, 0);
}
