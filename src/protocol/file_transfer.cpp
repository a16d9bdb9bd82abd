#include "protocol/file_transfer.hpp"

#include "base/disk_error.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace orchestrator::protocol {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

// Small enough that a connection of 100 kbit/s takes a block within a silence limit of 10 s; large enough that the number of
// frames costs nothing.
constexpr std::size_t block_bytes = std::size_t{64} << 10;

Error changed(const fs::path& file) {
  return Error{.detail = file.string() + " changed while it was being sent", .stage = Stage::start};
}

}  // namespace

asio::awaitable<Result<void>> written(MessageChannel& channel, std::chrono::milliseconds limit) {
  const bool taken = co_await channel.flush(limit);
  const bool cancelled = co_await is_cancelled();
  if (taken) co_return Result<void>{};
  if (cancelled) co_return cancelled_error();
  co_return Error{.code = Errc::executor_unavailable, .detail = "the connection takes no more data", .stage = Stage::start};
}

asio::awaitable<Result<void>> send_file(MessageChannel& channel, fs::path file, FileDigest digest,
                                        std::chrono::milliseconds stall_limit) {
  std::ifstream stream(file, std::ios::binary);
  for (std::int64_t left = digest.bytes; left > 0;) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error();
    std::string block(static_cast<std::size_t>(std::min<std::int64_t>(left, block_bytes)), '\0');
    if (!stream.read(block.data(), static_cast<std::streamsize>(block.size()))) co_return changed(file);
    left -= stream.gcount();
    channel.send(Data{std::move(block)});
    auto taken = co_await written(channel, stall_limit);
    // Once all of it is on its way, a cancellation is too late: the file is the answer to its job, and no other may follow.
    const bool is_late = left == 0 && !taken && taken.error().code == Errc::cancelled;
    if (!taken && !is_late) co_return taken;
  }
  co_return Result<void>{};
}

Result<FileReceiver> FileReceiver::open(fs::path file, FileDigest expected) {
  FileReceiver receiver(std::move(file), std::move(expected));
  if (const int error = receiver.stream_.open(receiver.unfinished_, O_EXCL)) return receiver.write_error(error);
  return receiver;
}

FileReceiver::FileReceiver(fs::path file, FileDigest expected)
    : file_(std::move(file)), unfinished_(file_.string() + ".part"), expected_(std::move(expected)) {}

FileReceiver::~FileReceiver() {
  if (!stream_) return;
  std::error_code ignored;
  fs::remove(unfinished_, ignored);
}

Error FileReceiver::write_error(int error) const {
  if (auto full = disk_error(error, file_, Stage::start)) return *full;
  return Error{.code = Errc::output_unwritable,
               .detail = "cannot write " + unfinished_.string() + ": " + std::strerror(error),
               .stage = Stage::start};
}

Result<bool> FileReceiver::feed(std::string_view bytes) {
  received_ += static_cast<std::int64_t>(bytes.size());
  if (received_ > expected_.bytes) {
    return Error{.code = Errc::protocol_error, .detail = "more bytes arrived than were announced", .stage = Stage::start};
  }
  if (const int error = stream_.write(bytes)) return write_error(error);
  sum_.update(bytes);
  if (received_ < expected_.bytes) return false;
  return finish();
}

Result<bool> FileReceiver::finish() {
  if (sum_.finish() != expected_.sha256) {
    return Error{.code = Errc::chunk_invalid,
                 .detail = file_.filename().string() + " was damaged on its way: its SHA-256 is another than announced",
                 .stage = Stage::start};
  }
  std::error_code failed;
  int error = stream_.close();
  if (error == 0) {
    fs::rename(unfinished_, file_, failed);
    error = failed.value();
  }
  if (error == 0) return true;
  fs::remove(unfinished_, failed);
  return write_error(error);
}

}  // namespace orchestrator::protocol
