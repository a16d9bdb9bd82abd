#include "protocol/host_folder.hpp"

#include "http/file_request.hpp"

namespace orchestrator::protocol {

namespace asio = boost::asio;
namespace fs = std::filesystem;

void HostFolder::serve(fs::path html_file) { html_file_ = std::move(html_file); }

asio::awaitable<Result<FileDigest>> HostFolder::digest_of(fs::path file) {
  std::error_code failed;
  const auto changed = fs::last_write_time(file, failed);
  const auto size = failed ? 0 : fs::file_size(file, failed);
  if (const auto known = digests_.find(file); !failed && known != digests_.end()) {
    const bool same = known->second.changed == changed && known->second.digest.bytes == static_cast<std::int64_t>(size);
    if (same) co_return known->second.digest;
  }
  auto digest = co_await digest_file(file);
  if (digest && !failed) digests_[file] = {changed, *digest};
  co_return digest;
}

asio::awaitable<Result<void>> HostFolder::answer(MessageChannel& channel, const FileRequest& request,
                                                 std::chrono::milliseconds stall_limit) {
  FileAnswer answer{.id = request.id};
  const auto file = find_composition_file(html_file_, request.path);
  if (!file) {
    channel.send(answer);
    co_return Result<void>{};
  }
  auto digest = co_await digest_of(*file);
  if (!digest) {
    answer.status = FileStatus::unreadable;
    channel.send(answer);
    co_return Result<void>{};
  }
  answer.digest = *digest;
  answer.extension = file->extension().string();
  answer.status = request.known == digest->sha256 ? FileStatus::unchanged : FileStatus::found;
  channel.send(answer);
  if (answer.status == FileStatus::unchanged) co_return Result<void>{};
  co_return co_await send_file(channel, *file, std::move(*digest), stall_limit);
}

}  // namespace orchestrator::protocol
