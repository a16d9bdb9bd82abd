#include "slurm/queue_guard.hpp"

namespace orchestrator {

namespace {

/// `read` returns when the other end of standard input closes, that is, when the host ends. What signals the host may signal all
/// that runs beside it (systemd, a job's end), hence the trap. An srun that was just started may
/// submit its job a moment later, hence several looks. Workers that run see the end of their input, and have seven seconds to
/// remove their files. A controller that does not answer is tried for ten minutes. The name comes as $1, so nothing in it is read
/// as a command.
constexpr const char* guard_script = R"(trap '' HUP INT TERM; exec 2>/dev/null; read -r line
for pause in 0 1 2 4 8 16 32 60 60 60 60 60 60 60 60 60; do
  sleep "$pause"
  if [ "$pause" -lt 4 ]; then scancel --state=PENDING --name="$1"; else scancel --name="$1"; fi
  [ "$pause" -ge 2 ] || continue
  jobs=$(squeue --noheader --name="$1" --format=%i) && [ -z "$jobs" ] && exit
done)";

}  // namespace

QueueGuard::~QueueGuard() {
  if (process_) process_->let_go();
}

Result<void> QueueGuard::start(const std::string& job_name) {
  SpawnOptions guard{.argv = {"/bin/sh", "-c", guard_script, "sh", job_name}};
  guard.input.kind = Stdio::Kind::pipe;
  guard.own_group = true;  // a signal to this process's group must not end it, too
  guard.die_with_parent = false;
  auto started = ChildProcess::spawn(executor_, guard);
  if (!started) {
    return Error{
        .code = Errc::executor_unavailable, .detail = "the guard of the queue: " + started.error().detail, .stage = Stage::start};
  }
  process_.emplace(std::move(*started));
  return {};
}

}  // namespace orchestrator
