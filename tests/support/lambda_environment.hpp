#pragma once

#include "support/lambda_emulator.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <set>

namespace orchestrator::test {

/// One execution environment: a process, what it runs, and a port for its Runtime API (lambda_runtime_api.cpp).
class LambdaEnvironment : public std::enable_shared_from_this<LambdaEnvironment> {
 public:
  enum class State { starting, idle, busy, finishing, dead };

  LambdaEnvironment(boost::asio::any_io_executor executor, const LambdaFunction& function, const LambdaLimits& limits,
                    const LambdaAccount& account, std::filesystem::path folder);
  /// Throws if the process does not start.
  void start();
  /// Gives the environment, which is starting or idle, what it runs next.
  void assign(std::shared_ptr<LambdaInvocation> invocation);
  /// SIGTERM, time to end in order, SIGKILL.
  boost::asio::awaitable<void> stop();

  State state() const { return state_; }
  pid_t pid() const { return process_ && process_->running() ? process_->pid() : 0; }
  std::filesystem::path temporary_folder() const { return folder_ / "tmp"; }
  /// "127.0.0.1:PORT"
  const std::string& runtime_api() const { return runtime_api_; }
  std::filesystem::path log_file() const { return folder_ / "log"; }

  /// From here on: what the Runtime API uses.
  boost::asio::ip::tcp::acceptor& acceptor() { return acceptor_; }
  const LambdaFunction& function() const { return function_; }
  const LambdaLimits& limits() const { return limits_; }
  const LambdaAccount& account() const { return account_; }
  /// Called when the process asks for work. Returns the next invocation, or nothing if the environment ends instead.
  boost::asio::awaitable<std::shared_ptr<LambdaInvocation>> next();
  /// The invocation that runs now, if its request has this id.
  std::shared_ptr<LambdaInvocation> running(std::string_view request_id) const;
  /// Whether a request with this id ran here and is over.
  bool had(const std::string& request_id) const { return past_.contains(request_id); }
  /// Makes the invocation's fault happen, if it has one; called when a piece of the response has arrived. True if the fault has
  /// ended the invocation.
  bool suffer_fault();
  void finish(std::optional<LambdaFunctionError> failure = std::nullopt);
  /// Called when the process says that it cannot run. The process gets its answer, and time to end by itself.
  void fail_init(LambdaFunctionError failure);

 private:
  std::vector<std::pair<std::string, std::string>> variables() const;
  void enter(State state);
  void end_invocation(std::optional<LambdaFunctionError> failure);
  void run_out_of_time();
  boost::asio::awaitable<void> kill_later();
  boost::asio::awaitable<void> watch_process();
  boost::asio::awaitable<void> watch_time(std::shared_ptr<LambdaInvocation> invocation, std::chrono::milliseconds limit,
                                          State while_in);

  boost::asio::any_io_executor executor_;
  const LambdaFunction& function_;
  const LambdaLimits& limits_;
  const LambdaAccount& account_;
  std::filesystem::path folder_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::string runtime_api_;
  boost::asio::steady_timer wake_;  ///< cancelled when there is work, or the environment ends
  std::optional<ChildProcess> process_{};
  std::shared_ptr<LambdaInvocation> invocation_{};
  std::set<std::string> past_{};
  State state_{State::starting};
};

/// Serves GET next, POST response, error and init/error until the environment's acceptor closes.
boost::asio::awaitable<void> serve_runtime_api(std::shared_ptr<LambdaEnvironment> environment);

}  // namespace orchestrator::test
