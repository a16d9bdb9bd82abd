#include "render/output_target.hpp"

#include "base/disk_error.hpp"
#include "base/held_signal.hpp"
#include "base/text_tail.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace orchestrator {

namespace fs = std::filesystem;

namespace {

Result<fs::path> follow_links(fs::path file) {
  constexpr int most_links = 40;  // as many as the kernel follows (path_resolution(7))
  std::error_code failed;
  for (int link = 0; link < most_links; ++link) {
    if (!fs::is_symlink(fs::symlink_status(file, failed))) return file;
    const fs::path target = fs::read_symlink(file, failed);
    if (failed) return output_unwritable("the link " + file.string() + " cannot be read: " + failed.message());
    file = file.parent_path() / target;
  }
  return output_unwritable("the output " + file.string() + " is a link that leads to itself");
}

const char* name_of(fs::file_type type) {
  switch (type) {
    case fs::file_type::directory: return "a folder";
    case fs::file_type::fifo: return "a named pipe";
    case fs::file_type::socket: return "a socket";
    case fs::file_type::block:
    case fs::file_type::character: return "a device";
    default: return "no file";
  }
}

/// Whether a rename can put another file in this one's place. Not if it is a mount point (a single file that a container
/// mounts), or is marked so (chattr(1)), or is somebody else's in a folder like /tmp (rename(2)).
bool can_be_replaced(const fs::path& file) {
  struct statx there {};
  if (::statx(AT_FDCWD, file.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &there) != 0) return true;
  if ((there.stx_attributes & (STATX_ATTR_MOUNT_ROOT | STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND)) != 0) return false;
  struct stat folder {};
  if (::stat(file.parent_path().c_str(), &folder) != 0 || (folder.st_mode & S_ISVTX) == 0) return true;
  const uid_t user = ::geteuid();
  return user == 0 || user == there.stx_uid || user == folder.st_uid;
}

/// Returns 0 or an errno.
int write_twice(int fd) {
  const HeldSignal held(SIGXFSZ);
  if (::pwrite(fd, "a", 1, 0) == 1 && ::pwrite(fd, "b", 1, 0) == 1) return 0;
  const int error = errno;
  held.take_raised();
  return error;
}

/// Tries what ffmpeg does to a film (it goes back to its head when it knows its length), and a rename into another folder.
/// Returns 0 or an errno.
int try_work(const fs::path& folder) {
  const fs::path file = folder / "trial", inner = folder / "trial-folder", renamed = inner / "trial";
  const UniqueFd opened(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!opened) return errno;
  if (const int error = write_twice(opened.get())) return error;
  if (::mkdir(inner.c_str(), 0700) != 0 || ::rename(file.c_str(), renamed.c_str()) != 0) return errno;
  return 0;
}

}  // namespace

Error output_unwritable(std::string detail, Stage stage) {
  return Error{.code = Errc::output_unwritable, .detail = std::move(detail), .stage = stage};
}

Result<fs::path> find_output(const RenderOptions& options) {
  std::error_code failed;
  auto output = follow_links(fs::absolute(options.output, failed));
  if (!output) return output;
  if (auto named = check_name(*output); !named) return named.error();
  const fs::path folder = output->parent_path();
  if (!fs::is_directory(folder, failed)) return output_unwritable("the output folder " + folder.string() + " does not exist");
  const fs::file_type there = fs::symlink_status(*output, failed).type();
  if (there == fs::file_type::not_found) return output;
  if (there == fs::file_type::none) return output_unwritable("cannot look at " + output->string() + ": " + failed.message());
  if (there != fs::file_type::regular) {
    return output_unwritable(output->string() + " is " + name_of(there) + ": give the path of a file as output");
  }
  if (!options.overwrite) return output_unwritable(output->string() + " exists; ask for overwriting (--overwrite) to replace it");
  if (can_be_replaced(*output)) return output;
  if (auto writable = check_writable(*output); !writable) return writable.error();
  return output;
}

Result<void> check_name(const fs::path& path) {
  const std::string text = valid_utf8(path.string());
  if (text == path.string()) return {};
  return output_unwritable("the path " + text + " is not valid UTF-8, in which workers are told of it: rename it");
}

std::optional<std::string> why_unfit_for_work(const fs::path& folder) {
  const int error = try_work(folder);
  std::error_code ignored;
  fs::remove_all(folder / "trial-folder", ignored);
  fs::remove(folder / "trial", ignored);
  if (error == 0) return std::nullopt;
  if (const auto disk = disk_error(error, folder / "trial", Stage::start)) return disk->detail;
  return std::string("its file system cannot do what making a film takes: ") + std::strerror(error);
}

Result<void> check_writable(const fs::path& output) {
  const UniqueFd opened(::open(output.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (opened) return {};
  int reason = errno;
  if (reason == ENOENT) reason = ::access(output.parent_path().c_str(), W_OK | X_OK) == 0 ? 0 : errno;
  if (reason == 0) return {};
  return output_unwritable("cannot write " + output.string() + ": " + std::strerror(reason));
}

}  // namespace orchestrator
