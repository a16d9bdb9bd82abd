#pragma once

#include "support/lambda_environment.hpp"
#include "support/temp_dir.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <memory>

namespace orchestrator::test {

/// The service behind the callers' API (lambda_callers.cpp): environments, concurrency, faults. One thread.
class LambdaService {
 public:
  LambdaService(boost::asio::io_context& context, LambdaFunction function, LambdaLimits limits, LambdaAccount account);

  boost::asio::awaitable<void> accept_callers();
  /// Ends every environment.
  boost::asio::awaitable<void> stop();

  /// Starts the invocation in an idle or a new environment; false if as many as allowed are running.
  boost::asio::awaitable<bool> dispatch(std::shared_ptr<LambdaInvocation> invocation);
  std::optional<LambdaFault> take_fault();
  void inject(LambdaFault fault, int count) { faults_.insert(faults_.end(), static_cast<std::size_t>(count), fault); }

  unsigned short port() const { return acceptor_.local_endpoint().port(); }
  boost::asio::any_io_executor executor() { return acceptor_.get_executor(); }
  const LambdaFunction& function() const { return function_; }
  const LambdaLimits& limits() const { return limits_; }
  const LambdaAccount& account() const { return account_; }
  const std::vector<std::shared_ptr<LambdaEnvironment>>& environments() const { return environments_; }
  LambdaCounts& counts() { return counts_; }

 private:
  void count_in(const std::shared_ptr<LambdaInvocation>& invocation);
  boost::asio::awaitable<void> run_builtin(std::shared_ptr<LambdaInvocation> invocation);
  LambdaEnvironment* find(LambdaEnvironment::State state) const;
  void start_environment(std::shared_ptr<LambdaInvocation> invocation);

  const LambdaFunction function_;
  const LambdaLimits limits_;
  const LambdaAccount account_;
  TempDir folder_{};
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<std::shared_ptr<LambdaEnvironment>> environments_{};
  std::deque<LambdaFault> faults_{};
  LambdaCounts counts_{};
};

/// Answers one caller's requests until it hangs up.
boost::asio::awaitable<void> serve_caller(LambdaService& service, boost::asio::ip::tcp::socket socket);

}  // namespace orchestrator::test
