#include "support/ssh_server.hpp"

#include "support/files.hpp"
#include "support/http_server.hpp"
#include "support/in_time.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <stdexcept>

namespace orchestrator::test {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr const char* sshd_program = "/usr/sbin/sshd";  // sshd executes itself again, and needs its absolute path for that

bool is_among(const std::vector<Process>& processes, pid_t pid) {
  return std::any_of(processes.begin(), processes.end(), [pid](const Process& process) { return process.pid == pid; });
}

}  // namespace

SshServer::SshServer(const std::string& program_folders) : before_(descendants_of(::getpid())) {
  // Orphans of a session become this process's children (prctl(2)), so that none can hide.
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) throw std::runtime_error("prctl(PR_SET_CHILD_SUBREAPER)");
  if (::geteuid() == 0) fs::create_directories("/run/sshd");  // "Missing privilege separation directory: /run/sshd"
  fs::create_directory(home_ / "tmp");
  const SshListener listener{
      .name = name(),
      .address = "127.0.0.1",
      .port = closed_port(),
      .environment = {
          {"HOME", home_.path()}, {"TMPDIR", home_ / "tmp"}, {"PATH", program_folders + ":/usr/local/bin:/usr/bin:/bin"}}};
  files_.write_server(listener, files_.server());
  files_.write_client({{name(), listener.address, listener.port}});
  start();
}

void SshServer::start() {
  const fs::path listens = files_.server() / "loopback.pid";  // written when it listens
  fs::remove(listens);
  const fs::path log = files_.server() / "loopback.log";
  const SpawnOptions options{.argv = {sshd_program, "-D", "-f", files_.server() / "loopback.config", "-E", log},
                             .own_group = true};
  auto sshd = ChildProcess::spawn(context_.get_executor(), options);
  if (!sshd) throw std::runtime_error(sshd.error().message());
  sshd_.emplace(std::move(*sshd));
  if (!in_time([&] { return fs::exists(listens); })) throw std::runtime_error("sshd does not start: " + read_file(log));
}

SshServer::~SshServer() {
  kill();
  for (const Process& process : session_processes()) ::kill(process.pid, SIGKILL);
}

void SshServer::kill() {
  const auto sessions = descendants_of(sshd_->pid());
  sshd_->kill(SIGKILL);
  for (const Process& process : sessions) {
    if (process.command.starts_with("sshd")) ::kill(process.pid, SIGKILL);
  }
}

std::vector<Process> SshServer::session_processes() const {
  auto found = descendants_of(::getpid());
  std::erase_if(found, [this](const Process& process) { return process.pid == sshd_->pid() || is_among(before_, process.pid); });
  return found;
}

std::string SshServer::remains(std::chrono::milliseconds limit) const {
  const auto is_clean = [this] {
    return session_processes().empty() && names_in(home_ / "tmp").empty() && names_in(home_.path()).size() == 1;
  };
  if (in_time(is_clean, limit)) return {};
  std::string text = describe(session_processes());
  for (const auto& entry : fs::recursive_directory_iterator(home_.path())) text += entry.path().string() + "\n";
  return text;
}

Process SshServer::await_process(const std::string& text) const {
  Process found;
  const auto is_there = [&] {
    for (const Process& process :
         descendants_of(sshd_->pid())) {  // not of this process: its ssh client has the command among its arguments, too
      if (process.command.find(text) != std::string::npos) found = process;
    }
    return found.pid != 0;
  };
  if (!in_time(is_there, 20s)) throw std::runtime_error("no session runs '" + text + "'");
  return found;
}

}  // namespace orchestrator::test
