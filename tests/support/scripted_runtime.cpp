// A Lambda runtime that does what its events say: a list of words, separated by blanks.
//   write:TEXT  a piece of the answer       sleep:MS   pause
//   fill:N      N KiB of the answer         fail:TYPE  ends the answer as a failure, in trailers
//   exit:N      exits                       pid        its process's number, as a piece of the answer
// With ORCHESTRATOR_INIT_ERROR in the environment it reports that as its error and exits.

#include "lambda/function/runtime_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>

namespace {

namespace asio = boost::asio;
using orchestrator::lambda::FunctionFailure;
using orchestrator::lambda::ResponseStream;
using orchestrator::lambda::RuntimeClient;
using orchestrator::lambda::RuntimeInvocation;

asio::awaitable<void> pause(int milliseconds) {
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(milliseconds));
  co_await timer.async_wait(asio::use_awaitable);
}

/// False if the answer is over.
asio::awaitable<bool> obey(ResponseStream& stream, const std::string& word, const std::string& argument) {
  const int number = std::atoi(argument.c_str());
  if (word == "write") co_await stream.write(argument);
  const std::string pid = std::to_string(::getpid());
  if (word == "pid") co_await stream.write(pid);
  if (word == "sleep") co_await pause(number);
  if (word == "exit") std::exit(number);
  if (word == "fill") {
    const std::string block(1024, 'x');
    for (int i = 0; i < number; ++i) co_await stream.write(block);
  }
  if (word != "fail") co_return true;
  FunctionFailure failure{.type = argument, .message = "as told"};
  co_await stream.fail(std::move(failure));
  co_return false;
}

asio::awaitable<void> answer(RuntimeClient& client, const RuntimeInvocation& invocation) {
  std::istringstream words(std::string(boost::json::parse(invocation.event).as_string()));
  auto stream = co_await client.respond(invocation);
  if (!stream) co_return;
  for (std::string word; words >> word;) {
    const auto colon = word.find(':');
    const std::string argument = colon == std::string::npos ? std::string() : word.substr(colon + 1);
    const bool goes_on = co_await obey(*stream, word.substr(0, colon), argument);
    if (!goes_on) co_return;
  }
  auto finished = co_await stream->finish();
  std::printf("%s\n", finished ? "answered" : finished.error().detail.c_str());
  std::fflush(stdout);
}

asio::awaitable<void> run(RuntimeClient& client) {
  if (const char* type = std::getenv("ORCHESTRATOR_INIT_ERROR")) {
    FunctionFailure failure{.type = type, .message = "as told"};
    auto reported = co_await client.report_init_error(std::move(failure));
    std::printf("%s\n", reported ? "reported" : reported.error().detail.c_str());
    std::exit(1);
  }
  for (;;) {
    auto invocation = co_await client.next();
    if (!invocation) std::exit(2);
    co_await answer(client, *invocation);
  }
}

}  // namespace

int main() {
  const char* address = std::getenv("AWS_LAMBDA_RUNTIME_API");
  if (address == nullptr) return 2;
  asio::io_context context(1);
  RuntimeClient client(context.get_executor(), address);
  asio::co_spawn(context, run(client), [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  context.run();
}
