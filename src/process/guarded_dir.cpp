#include <orchestrator/worker/guarded_dir.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace orchestrator {

namespace {

/// `read` returns when the other end of standard input closes, that is, when this process ends. A killed program may still
/// write for a moment, hence the pauses. What ends the program may signal all that runs beside it (systemd, a job's end), hence
/// the trap. The directory comes as $1, so nothing in its name is ever read as a command.
constexpr const char* guard_script =
    R"(trap '' HUP INT TERM; read -r line; sleep 1; rm -rf -- "$1"; sleep 1; exec rm -rf -- "$1")";

Error cannot_create(const std::string& path, const std::string& reason) {
  return Error{.detail = "cannot make a folder " + path + ": " + reason, .stage = Stage::start};
}

}  // namespace

Result<GuardedDir> GuardedDir::create(boost::asio::any_io_executor executor, const std::filesystem::path& parent,
                                      const std::string& prefix) {
  std::string path = (parent / (prefix + "XXXXXX")).string();
  if (::mkdtemp(path.data()) == nullptr) return cannot_create(path, std::strerror(errno));
  SpawnOptions guard{.argv = {"/bin/sh", "-c", guard_script, "sh", path}};
  guard.input.kind = Stdio::Kind::pipe;
  guard.own_group = true;  // a signal to this process's group must not end it too
  guard.die_with_parent = false;
  auto started = ChildProcess::spawn(std::move(executor), guard);
  if (started) return GuardedDir(path, std::move(*started));
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  return cannot_create(path, started.error().detail);
}

GuardedDir::GuardedDir(GuardedDir&& other) noexcept
    : path_(std::exchange(other.path_, {})), guard_(std::move(other.guard_)), kept_(other.kept_) {}

GuardedDir::~GuardedDir() {
  if (!kept_) remove();
}

void GuardedDir::remove() noexcept {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  const bool is_gone = !std::filesystem::exists(std::exchange(path_, {}), ignored);
  if (is_gone) return guard_.kill(SIGKILL);
  guard_.let_go();  // somebody still writes there: the guard, whose input ends with this, tries again
}

void GuardedDir::keep() noexcept {
  guard_.kill(SIGKILL);
  kept_ = true;
}

Result<std::filesystem::path> v0::temporary_folder() {
  std::error_code failed;
  auto folder = std::filesystem::temp_directory_path(failed);
  if (!failed && ::access(folder.c_str(), W_OK | X_OK) == 0) return folder;
  const char* named = std::getenv("TMPDIR");
  const std::string name = named != nullptr ? named : "/tmp";
  const std::string remedy = named != nullptr ? ": correct or unset TMPDIR" : ": name another in TMPDIR";
  return Error{.detail = "temporary files cannot be written in " + name + remedy, .stage = Stage::start};
}

}  // namespace orchestrator
