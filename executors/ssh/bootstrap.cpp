#include "ssh/bootstrap.hpp"

#include "ssh/ssh_command.hpp"
#include "ssh/ssh_error.hpp"
#include "ssh/time_limit.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <sys/utsname.h>

#include <cerrno>
#include <cstring>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

// Makes a folder on the host, prints its path, and removes it when the script's input ends.
constexpr std::string_view lease_script =
    R"(umask 077; d=$(mktemp -d "${TMPDIR:-/tmp}/orchestrator-XXXXXX") || exit 1; echo "$d"; cat >/dev/null; rm -rf -- "$d")";
// Enough for 10 MB over a line of 1 Mbit/s.
constexpr std::chrono::seconds upload_limit{90};
constexpr std::string_view upload_script = R"(cat >"$1" && chmod 700 "$1")";

std::string line_of(std::string_view text) { return std::string(text.substr(0, text.find('\n'))); }

Error in_the_way(const std::string& host, const std::string& detail, const ProgramOutput& output) {
  return Error{.code = Errc::executor_unavailable,
               .detail = host + ": cannot copy orchestrator to it: " + detail,
               .stage = Stage::start,
               .worker = host,
               .output_tail = output.error_tail};
}

asio::awaitable<Result<void>> check_machine(const SshConnection& connection, const std::string& host) {
  auto there = co_await connection.run("uname -sm", -1, connection.step_limit());
  if (!there) co_return there.error();
  utsname own{};
  ::uname(&own);
  const std::string here = std::string(own.sysname) + " " + own.machine;
  if (!there->status.success() || line_of(there->output) == here) co_return Result<void>{};
  const std::string kind = line_of(there->output);
  co_return in_the_way(host, "it is a " + kind + " machine and this one " + here + ": install orchestrator there", *there);
}

/// The folder that the lease made; empty if it made none.
asio::awaitable<std::string> read_folder(ChildProcess& lease) {
  std::string text;
  boost::system::error_code failed;
  co_await asio::async_read_until(lease.output(), asio::dynamic_buffer(text, 4096), '\n',
                                  asio::redirect_error(asio::use_awaitable, failed));
  co_return failed ? std::string() : line_of(text);
}

asio::awaitable<Result<void>> upload(const SshConnection& connection, const std::string& host, const fs::path& program,
                                     const std::string& copy) {
  const UniqueFd file(::open(program.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) co_return in_the_way(host, "cannot read " + program.string() + ": " + std::strerror(errno), {});
  const std::vector<std::string> target{copy};
  const std::string receive = shell_script(upload_script, target);
  auto sent = co_await connection.run(receive, file.get(), upload_limit);
  if (!sent) co_return sent.error();
  if (!sent->status.success()) co_return in_the_way(host, "writing " + copy + " failed", *sent);
  const std::string try_it = shell_quote(copy) + " --version";
  auto tried = co_await connection.run(try_it, -1, connection.step_limit());
  if (!tried) co_return tried.error();
  if (!tried->status.success()) {
    co_return in_the_way(host, "it does not run there (are its libraries installed?): " + line_of(tried->error_tail), *tried);
  }
  co_return Result<void>{};
}

}  // namespace

asio::awaitable<Result<std::unique_ptr<Bootstrap>>> Bootstrap::copy(const SshConnection& connection, const std::string& host,
                                                                    const fs::path& program) {
  auto same = co_await check_machine(connection, host);
  if (!same) co_return same.error();
  SpawnOptions child{.argv = connection.session(shell_script(lease_script))};
  child.input.kind = Stdio::Kind::pipe;
  child.output.kind = Stdio::Kind::pipe;
  child.own_group = true;  // a Ctrl-C in a terminal must reach only this program
  const auto executor = co_await asio::this_coro::executor;
  auto lease = ChildProcess::spawn(executor, child);
  if (!lease) co_return in_the_way(host, lease.error().detail, {});
  std::optional<TimeLimit> limit(std::in_place, executor, *lease, connection.step_limit());
  const std::string folder = co_await read_folder(*lease);
  limit.reset();
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancelled_error(Stage::start);  // those who share this attempt make their own
  if (folder.empty()) co_return in_the_way(host, "it has no place for temporary files", {.error_tail = lease->error_tail()});
  const std::string copy = folder + "/orchestrator";
  std::unique_ptr<Bootstrap> bootstrap(new Bootstrap(std::move(*lease), shell_quote(copy) + " worker"));
  auto uploaded = co_await upload(connection, host, program, copy);
  if (uploaded) co_return bootstrap;
  co_await bootstrap->remove(std::chrono::seconds(2));
  co_return uploaded.error();
}

asio::awaitable<void> Bootstrap::remove(std::chrono::milliseconds limit) {
  lease_.take_input().reset();
  co_await lease_.wait_or_kill(limit);
}

}  // namespace orchestrator
