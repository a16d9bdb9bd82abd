#include "lambda/function/function_folder.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <optional>

namespace orchestrator::lambda {

namespace fs = std::filesystem;

namespace {

constexpr const char* folder_prefix = "orchestrator-lambda-";

/// Locks a folder; flock(2) ends with the process, whatever ends it. An empty descriptor: it cannot be locked here. Nothing:
/// somebody else holds the lock.
std::optional<UniqueFd> lock_folder(const fs::path& folder) {
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd || ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno == EWOULDBLOCK) return std::nullopt;
  return UniqueFd();
}

/// Removes what dead processes left: an environment that was reset keeps its /tmp ("Lambda runtime environment", invoke phase).
void remove_leftovers(const fs::path& temporary) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(temporary, ignored)) {
    if (!entry.path().filename().string().starts_with(folder_prefix)) continue;
    const auto lock = lock_folder(entry.path());
    if (lock && *lock) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

Result<FunctionFolder> FunctionFolder::create(const boost::asio::any_io_executor& executor, const fs::path& temporary) {
  remove_leftovers(temporary);
  // A process that starts at the same moment may find the folder before it is locked, and remove it; but hardly ten in a row.
  constexpr int most_tries = 10;
  for (int i = 0; i < most_tries; ++i) {
    auto folder = GuardedDir::create(executor, temporary, folder_prefix);
    if (!folder) return folder.error();
    auto lock = lock_folder(folder->path());
    std::error_code ignored;
    // Where folders cannot be locked, nobody else can lock it, either, and so nobody removes it.
    if (lock && fs::exists(folder->path(), ignored)) return FunctionFolder{std::move(*folder), std::move(*lock)};
  }
  return Error{.detail = "every folder made in " + temporary.string() + " was removed by another process", .stage = Stage::start};
}

}  // namespace orchestrator::lambda
