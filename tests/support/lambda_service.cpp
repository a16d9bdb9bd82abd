#include "support/lambda_service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace orchestrator::test {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds look_again{5};
// Time for an environment that has answered to ask for the next invocation. After that, a new environment is started.
constexpr std::chrono::seconds longest_look{2};

}  // namespace

LambdaService::LambdaService(asio::io_context& context, LambdaFunction function, LambdaLimits limits, LambdaAccount account)
    : function_(std::move(function)),
      limits_(limits),
      account_(std::move(account)),
      acceptor_(context, {asio::ip::address_v4::loopback(), 0}) {}

asio::awaitable<void> LambdaService::accept_callers() {
  for (;;) {
    tcp::socket socket = co_await acceptor_.async_accept(asio::use_awaitable);
    asio::co_spawn(executor(), serve_caller(*this, std::move(socket)), asio::detached);
  }
}

asio::awaitable<void> LambdaService::stop() {
  for (const auto& environment : environments_) co_await environment->stop();
}

std::optional<LambdaFault> LambdaService::take_fault() {
  if (faults_.empty()) return std::nullopt;
  const LambdaFault fault = faults_.front();
  faults_.pop_front();
  return fault;
}

void LambdaService::count_in(const std::shared_ptr<LambdaInvocation>& invocation) {
  counts_.most_running = std::max(counts_.most_running, ++counts_.running);
  invocation->on_end = [this, raw = invocation.get()] {
    --counts_.running;
    if (raw->failure()) ++counts_.failed;
  };
}

asio::awaitable<bool> LambdaService::dispatch(std::shared_ptr<LambdaInvocation> invocation) {
  if (counts_.running >= limits_.concurrency) co_return false;
  count_in(invocation);
  if (function_.builtin) {
    asio::co_spawn(executor(), run_builtin(invocation), asio::detached);
    co_return true;
  }
  const auto give_up = std::chrono::steady_clock::now() + longest_look;
  while (!find(LambdaEnvironment::State::idle) && find(LambdaEnvironment::State::finishing) &&
         std::chrono::steady_clock::now() < give_up) {
    asio::steady_timer pause(executor(), look_again);
    co_await pause.async_wait(asio::use_awaitable);
  }
  if (LambdaEnvironment* idle = find(LambdaEnvironment::State::idle)) {
    ++counts_.warm_starts;
    idle->assign(std::move(invocation));
  } else {
    start_environment(std::move(invocation));
  }
  co_return true;
}

LambdaEnvironment* LambdaService::find(LambdaEnvironment::State state) const {
  for (const auto& environment : environments_) {
    if (environment->state() == state) return environment.get();
  }
  return nullptr;
}

void LambdaService::start_environment(std::shared_ptr<LambdaInvocation> invocation) {
  ++counts_.cold_starts;
  const auto folder = folder_ / ("environment-" + std::to_string(environments_.size()));
  auto environment = std::make_shared<LambdaEnvironment>(executor(), function_, limits_, account_, folder);
  environments_.push_back(environment);
  environment->assign(std::move(invocation));
  environment->start();
}

asio::awaitable<void> LambdaService::run_builtin(std::shared_ptr<LambdaInvocation> invocation) {
  asio::steady_timer timer(executor(), function_.builtin_delay);
  co_await timer.async_wait(asio::use_awaitable);
  for (std::string& piece : function_.builtin(invocation->event)) {
    co_await invocation->add(std::move(piece));
    if (invocation->fault == LambdaFault::crash) invocation->end(lambda_error("Runtime.ExitError", "Runtime exited: signal 9"));
    if (invocation->fault == LambdaFault::out_of_time) invocation->end(lambda_error("Sandbox.Timedout", "Task timed out"));
  }
  invocation->end();
}

}  // namespace orchestrator::test
