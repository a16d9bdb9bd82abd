#include "render/publish.hpp"

#include "base/disk_error.hpp"
#include "base/output_file.hpp"
#include "render/output_target.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

int take_free_name(const fs::path& film, const fs::path& output) {
  if (::renameat2(AT_FDCWD, film.c_str(), AT_FDCWD, output.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno == EEXIST || errno == EXDEV) return errno;
  // FUSE and NFS do not know the flag (EINVAL). A hard link serves the purpose, too; the film's first name goes with its folder.
  if (::link(film.c_str(), output.c_str()) == 0) return 0;
  if (errno == EEXIST) return EEXIST;
  // Object stores know no links either. An empty file holds the name until the film replaces it.
  OutputFile holder;
  if (const int error = holder.open(output, O_EXCL)) return error;
  holder.close();
  if (std::rename(film.c_str(), output.c_str()) == 0) return 0;
  const int error = errno;
  ::unlink(output.c_str());
  return error;
}

struct Opened {
  int error{0};
  bool made{false};     ///< it was not there before
  bool touched{false};  ///< what was in it is lost
};

/// Opens the old film, to be written over by one of `size` bytes. If there is no room for them, it stays as it is: room is got
/// first, and the old film emptied first only where its file system cannot do that.
Opened open_old(OutputFile& to, const fs::path& output, std::int64_t size) {
  if (const int error = to.open(output, O_NOFOLLOW)) return {.error = error};
  const int error = to.reserve(size);
  if (error == 0) return {.error = to.cut(size), .touched = true};  // it may have been longer
  if (error != EOPNOTSUPP && error != ENOSYS) return {.error = error};
  const int emptied = to.open(output, O_NOFOLLOW | O_TRUNC);
  return {.error = emptied, .touched = emptied == 0};
}

Opened open_new(OutputFile& to, const fs::path& output) {
  const int error = to.open(output, O_NOFOLLOW | O_EXCL);
  return {.error = error, .made = error == 0};
}

/// Returns 0 or an errno, that of the output.
asio::awaitable<int> copy_bytes(int from, OutputFile& to) {
  const auto executor = co_await asio::this_coro::executor;
  std::string block(std::size_t{1} << 20, '\0');
  for (;;) {
    const ssize_t size = ::read(from, block.data(), block.size());
    if (size < 0) co_return errno;
    if (size == 0) break;
    if (const int error = to.write({block.data(), static_cast<std::size_t>(size)})) co_return error;
    co_await asio::post(executor, asio::use_awaitable);  // so that the loop gets to its other work
  }
  if (const int error = to.sync()) co_return error;
  co_return to.close();
}

}  // namespace

Error appeared(const fs::path& output) {
  return output_unwritable(output.string() + " appeared while rendering; ask for overwriting (--overwrite) to replace it",
                           Stage::assemble);
}

int give_name(const fs::path& film, const fs::path& output, bool overwrite) {
  if (!overwrite) return take_free_name(film, output);
  return std::rename(film.c_str(), output.c_str()) == 0 ? 0 : errno;
}

asio::awaitable<Result<void>> copy_film(fs::path film, fs::path output, bool overwrite) {
  const UniqueFd from(::open(film.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat finished {};
  if (!from || ::fstat(from.get(), &finished) != 0)
    co_return output_unwritable("cannot read " + film.string() + ": " + std::strerror(errno), Stage::assemble);
  struct stat there {};
  const bool is_new = ::lstat(output.c_str(), &there) != 0;
  if (overwrite && !is_new && !S_ISREG(there.st_mode))
    co_return output_unwritable(output.string() + " is no file any more", Stage::assemble);
  OutputFile to;
  const Opened opened = overwrite && !is_new ? open_old(to, output, finished.st_size) : open_new(to, output);
  int error = opened.error;
  if (error == EEXIST) co_return appeared(output);
  if (error == 0) error = co_await copy_bytes(from.get(), to);
  if (error == 0) co_return Result<void>();
  Error failure =
      disk_error(error, output, Stage::assemble)
          .value_or(output_unwritable("cannot write " + output.string() + ": " + std::strerror(error), Stage::assemble));
  if (opened.made) ::unlink(output.c_str());
  if (opened.touched) failure.detail += "; what is in it now is incomplete";
  co_return failure;
}

}  // namespace orchestrator
