#include "support/lambda_emulator.hpp"

#include "support/files.hpp"
#include "support/lambda_service.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <future>

namespace orchestrator::test {

namespace asio = boost::asio;

struct LambdaEmulator::State {
  State(LambdaFunction function, LambdaLimits limits, LambdaAccount account)
      : service(context, std::move(function), limits, std::move(account)) {}

  asio::io_context context{1};
  LambdaService service;

  /// Calls `function` on the emulator's thread.
  template <class Function>
  auto call(Function function) {
    std::packaged_task<std::invoke_result_t<Function>()> task(std::move(function));
    auto result = task.get_future();
    asio::post(context, std::move(task));
    return result.get();
  }
};

LambdaEmulator::LambdaEmulator(LambdaFunction function, LambdaLimits limits, LambdaAccount account)
    : state_(std::make_shared<State>(std::move(function), limits, std::move(account))),
      endpoint_("http://127.0.0.1:" + std::to_string(state_->service.port())) {
  asio::co_spawn(state_->context, state_->service.accept_callers(), asio::detached);
  thread_ = std::thread([state = state_] { state->context.run(); });
}

LambdaEmulator::~LambdaEmulator() {
  asio::co_spawn(state_->context, state_->service.stop(), [this](const std::exception_ptr&) { state_->context.stop(); });
  thread_.join();
}

void LambdaEmulator::inject(LambdaFault fault, int count) {
  state_->call([&] { state_->service.inject(fault, count); });
}

LambdaCounts LambdaEmulator::counts() const {
  return state_->call([&] { return state_->service.counts(); });
}

std::vector<pid_t> LambdaEmulator::environments() const {
  return state_->call([&] {
    std::vector<pid_t> pids;
    for (const auto& environment : state_->service.environments()) {
      if (const pid_t pid = environment->pid()) pids.push_back(pid);
    }
    return pids;
  });
}

std::vector<std::string> LambdaEmulator::runtime_apis() const {
  return state_->call([&] {
    std::vector<std::string> addresses;
    for (const auto& environment : state_->service.environments()) addresses.push_back(environment->runtime_api());
    return addresses;
  });
}

std::string LambdaEmulator::logs() const {
  return state_->call([&] {
    std::string text;
    for (const auto& environment : state_->service.environments()) text += read_file(environment->log_file());
    return text;
  });
}

std::vector<std::filesystem::path> LambdaEmulator::temporary_folders() const {
  return state_->call([&] {
    std::vector<std::filesystem::path> folders;
    for (const auto& environment : state_->service.environments()) folders.push_back(environment->temporary_folder());
    return folders;
  });
}

}  // namespace orchestrator::test
