#include "capture/scratch_dir.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

namespace orchestrator {

namespace {

/// `read` returns when the other end of standard input closes, that is, when this process ends. A killed browser may still
/// write for a moment, hence the pause. The directory comes as $1, so nothing in its name is ever read as a command.
constexpr const char* guard_script = R"(read -r line; sleep 1; rm -rf -- "$1"; sleep 1; exec rm -rf -- "$1")";

Error cannot_create(const std::string& path, const char* reason) {
  return Error{.code = Errc::browser_unavailable,
               .detail = "cannot create a directory for the browser's files (" + path + "): " + reason,
               .stage = Stage::start};
}

}  // namespace

Result<ScratchDir> ScratchDir::create(boost::asio::any_io_executor executor) {
  std::error_code failed;
  const auto parent = std::filesystem::temp_directory_path(failed);
  if (failed) return cannot_create("TMPDIR", failed.message().c_str());
  std::string path = (parent / "orchestrator-browser-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) return cannot_create(path, std::strerror(errno));
  SpawnOptions guard{.argv = {"/bin/sh", "-c", guard_script, "sh", path}};
  guard.input.kind = Stdio::Kind::pipe;
  guard.own_group = true;  // a signal to this process's group must not end it too
  guard.die_with_parent = false;
  auto started = ChildProcess::spawn(std::move(executor), guard);
  if (!started) {
    std::filesystem::remove(path, failed);
    return cannot_create(path, started.error().detail.c_str());
  }
  return ScratchDir(path, std::move(*started));
}

ScratchDir::ScratchDir(ScratchDir&& other) noexcept : path_(std::exchange(other.path_, {})), guard_(std::move(other.guard_)) {}

ScratchDir::~ScratchDir() { remove(); }

void ScratchDir::remove() noexcept {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(std::exchange(path_, {}), ignored);
  guard_.kill(SIGKILL);
}

}  // namespace orchestrator
