#include "support/lambda_environment.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>

#include <csignal>
#include <stdexcept>

namespace orchestrator::test {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

// Time for a runtime to end its browser; the platform gives an extension 2 s (Lambda runtime environment, "Shutdown phase").
constexpr std::chrono::seconds stop_grace{3};

}  // namespace

LambdaEnvironment::LambdaEnvironment(asio::any_io_executor executor, const LambdaFunction& function, const LambdaLimits& limits,
                                     const LambdaAccount& account, std::filesystem::path folder)
    : executor_(executor),
      function_(function),
      limits_(limits),
      account_(account),
      folder_(std::move(folder)),
      acceptor_(executor, {asio::ip::address_v4::loopback(), 0}),
      runtime_api_("127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port())),
      wake_(executor, asio::steady_timer::time_point::max()) {
  std::filesystem::create_directories(temporary_folder());
}

/// "Defined runtime environment variables" of the Lambda developer guide.
std::vector<std::pair<std::string, std::string>> LambdaEnvironment::variables() const {
  std::vector<std::pair<std::string, std::string>> all{{"AWS_LAMBDA_RUNTIME_API", runtime_api_},
                                                       {"AWS_LAMBDA_FUNCTION_NAME", function_.name},
                                                       {"AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"},
                                                       {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", std::to_string(function_.memory_mb)},
                                                       {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
                                                       {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + function_.name},
                                                       {"AWS_LAMBDA_LOG_STREAM_NAME", folder_.filename().string()},
                                                       {"AWS_REGION", account_.region},
                                                       {"AWS_DEFAULT_REGION", account_.region},
                                                       {"AWS_ACCESS_KEY_ID", account_.access_key_id},
                                                       {"AWS_SECRET_ACCESS_KEY", account_.secret_access_key},
                                                       {"AWS_SESSION_TOKEN", account_.session_token},
                                                       {"_HANDLER", "bootstrap"},
                                                       {"LAMBDA_TASK_ROOT", "/var/task"},
                                                       {"LANG", "en_US.UTF-8"},
                                                       {"TZ", ":UTC"},
                                                       {"TMPDIR", temporary_folder().string()}};
  all.insert(all.end(), function_.environment.begin(), function_.environment.end());
  return all;
}

void LambdaEnvironment::start() {
  // Both streams of the process are its log, as in CloudWatch.
  const UniqueFd log(::open(log_file().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  SpawnOptions options{.argv = {"/bin/sh", "-c", "exec \"$@\" 2>&1", "sh"}, .environment = variables()};
  options.argv.insert(options.argv.end(), function_.command.begin(), function_.command.end());
  options.output = {.kind = Stdio::Kind::fd, .fd = log.get()};
  options.own_group = true;
  auto spawned = ChildProcess::spawn(executor_, options);
  if (!spawned) throw std::runtime_error(spawned.error().detail);
  process_ = std::move(*spawned);
  asio::co_spawn(executor_, serve_runtime_api(shared_from_this()), asio::detached);
  asio::co_spawn(executor_, watch_process(), asio::detached);
}

void LambdaEnvironment::enter(State state) {
  state_ = state;
  wake_.cancel();
}

void LambdaEnvironment::assign(std::shared_ptr<LambdaInvocation> invocation) {
  invocation_ = std::move(invocation);
  if (state_ == State::starting) {
    asio::co_spawn(executor_, watch_time(invocation_, limits_.init, State::starting), asio::detached);
  } else {
    state_ = State::busy;
  }
  wake_.cancel();
}

asio::awaitable<std::shared_ptr<LambdaInvocation>> LambdaEnvironment::next() {
  auto self = shared_from_this();
  if (invocation_ && state_ == State::busy) {  // the process asks for more without having answered
    end_invocation(lambda_error("Runtime.NoResponse", "the runtime asked for the next invocation without answering this one"));
  }
  if (!invocation_) enter(State::idle);
  while (!invocation_ && state_ != State::dead) {
    boost::system::error_code woken;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  if (state_ == State::dead) co_return nullptr;
  state_ = State::busy;
  asio::co_spawn(executor_, watch_time(invocation_, limits_.timeout, State::busy), asio::detached);
  co_return invocation_;
}

std::shared_ptr<LambdaInvocation> LambdaEnvironment::running(std::string_view request_id) const {
  if (state_ != State::busy || !invocation_ || invocation_->request_id != request_id) return nullptr;
  return invocation_;
}

void LambdaEnvironment::end_invocation(std::optional<LambdaFunctionError> failure) {
  if (!invocation_) return;
  past_.insert(invocation_->request_id);
  std::exchange(invocation_, nullptr)->end(std::move(failure));
}

void LambdaEnvironment::finish(std::optional<LambdaFunctionError> failure) {
  end_invocation(std::move(failure));
  enter(State::finishing);
}

void LambdaEnvironment::fail_init(LambdaFunctionError failure) {
  end_invocation(std::move(failure));
  asio::co_spawn(executor_, kill_later(), asio::detached);
}

asio::awaitable<void> LambdaEnvironment::kill_later() {
  auto self = shared_from_this();
  asio::steady_timer timer(executor_, stop_grace);
  co_await timer.async_wait(asio::use_awaitable);
  process_->kill(SIGKILL);
}

bool LambdaEnvironment::suffer_fault() {
  if (!invocation_ || !invocation_->fault) return false;
  switch (*invocation_->fault) {
    case LambdaFault::out_of_time: run_out_of_time(); return true;
    case LambdaFault::out_of_memory:
      end_invocation(lambda_error("Runtime.OutOfMemory",
                                  "RequestId: " + invocation_->request_id + " Error: Runtime exited with error: signal: killed"));
      process_->kill(SIGKILL);
      return true;
    case LambdaFault::crash: process_->kill(SIGKILL); return true;
    case LambdaFault::hang: process_->kill(SIGSTOP); return false;
    default: return false;
  }
}

void LambdaEnvironment::run_out_of_time() {
  const double seconds = std::chrono::duration<double>(limits_.timeout).count();
  char text[96];
  std::snprintf(text, sizeof text, "RequestId: %s Error: Task timed out after %.2f seconds", invocation_->request_id.c_str(),
                seconds);
  end_invocation(lambda_error("Sandbox.Timedout", text));
  if (function_.reset_after_timeout) {
    process_->kill(SIGKILL);
  } else {
    enter(State::finishing);
  }
}

asio::awaitable<void> LambdaEnvironment::watch_time(std::shared_ptr<LambdaInvocation> invocation, std::chrono::milliseconds limit,
                                                    State while_in) {
  auto self = shared_from_this();
  asio::steady_timer timer(executor_, limit);
  co_await timer.async_wait(asio::use_awaitable);
  if (invocation_ == invocation && state_ == while_in) run_out_of_time();
}

asio::awaitable<void> LambdaEnvironment::watch_process() {
  auto self = shared_from_this();
  const auto ended = co_await process_->wait();
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  const std::string id = invocation_ ? invocation_->request_id : std::string();
  const std::string how = ended ? to_string(*ended) : ended.error().detail;
  end_invocation(lambda_error("Runtime.ExitError", "RequestId: " + id + " Error: Runtime exited: " + how));
  enter(State::dead);
}

asio::awaitable<void> LambdaEnvironment::stop() {
  auto self = shared_from_this();
  if (process_) co_await process_->stop(stop_grace);
}

}  // namespace orchestrator::test
