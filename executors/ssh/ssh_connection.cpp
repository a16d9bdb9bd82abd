#include "ssh/ssh_connection.hpp"

#include "ssh/ssh_command.hpp"
#include "ssh/ssh_error.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

namespace orchestrator {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

namespace {

// How often to look for the control socket, which ssh makes when it has logged in, without a word. A look costs a microsecond.
constexpr std::chrono::milliseconds look_interval{5};
// Added to ConnectTimeout, which covers the connection and the host's banner: keys are exchanged and checked after that.
constexpr std::chrono::milliseconds login_limit{5'000};

Error no_client(const SshHost& host, const Error& cause) {
  return Error{.code = Errc::executor_unavailable,
               .detail = host.host + ": " + cause.detail + ": install the OpenSSH client (apt-get install openssh-client)",
               .stage = Stage::start,
               .worker = host.host};
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<SshConnection>>> SshConnection::open(const SshHost& host,
                                                                            const SshExecutorOptions& options,
                                                                            std::filesystem::path control_socket) {
  const auto executor = co_await asio::this_coro::executor;
  std::error_code ignored;
  std::filesystem::remove(control_socket, ignored);  // left from a connection that was lost
  SpawnOptions child{.argv = ssh_master_command(host, control_socket.string(), options)};
  child.own_group = true;  // ending the client ends the process of a ProxyJump or ProxyCommand, too
  auto client = ChildProcess::spawn(executor, child);
  if (!client) co_return no_client(host, client.error());
  const auto give_up = Clock::now() + options.connect_timeout + login_limit;
  while (!std::filesystem::exists(control_socket, ignored)) {
    const bool too_late = Clock::now() > give_up;
    bool cancelled = co_await is_cancelled();
    if (too_late || !client->running() || cancelled) {
      co_await client->stop(std::chrono::milliseconds(0));
      static_cast<void>(co_await client->wait());  // its last words have been read when it returns
      cancelled = co_await is_cancelled();
      if (cancelled) co_return cancelled_error();
      co_return connection_error(host.host, too_late ? "the login timed out" : client->error_tail());
    }
    static_cast<void>(co_await pause(look_interval));
  }
  co_return std::unique_ptr<SshConnection>(new SshConnection(host, options, std::move(control_socket), std::move(*client)));
}

std::vector<std::string> SshConnection::session(const std::string& command) const {
  return ssh_session_command(host_, control_socket_.string(), options_, command);
}

asio::awaitable<Result<ProgramOutput>> SshConnection::run(const std::string& command, int input,
                                                          std::chrono::milliseconds limit) const {
  SpawnOptions child{.argv = session(command)};
  if (input >= 0) child.input = {Stdio::Kind::fd, input};
  auto output = co_await run_program(std::move(child), limit);
  if (!output && output.error().code == Errc::cancelled) co_return output;
  if (!output) co_return no_client(host_, output.error());
  if (!output->timed_out) co_return output;
  co_return Error{.code = Errc::executor_unavailable,
                  .detail = host_.host + ": `" + command + "` did not end within " + std::to_string(limit.count()) + " ms",
                  .stage = Stage::start,
                  .worker = host_.host};
}

}  // namespace orchestrator
