#include "session/composition_folder.hpp"

#include "base/file_request.hpp"

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

asio::awaitable<Result<void>> send_answer(protocol::MessageChannel& channel, const protocol::FileAnswer& answer,
                                          std::chrono::milliseconds limit) {
  channel.send(answer);
  co_return co_await protocol::written(channel, limit);
}

}  // namespace

void CompositionFolder::serve(fs::path html_file) { html_file_ = std::move(html_file); }

asio::awaitable<Result<FileDigest>> CompositionFolder::digest_of(fs::path file) {
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

asio::awaitable<Result<void>> CompositionFolder::answer(protocol::MessageChannel& channel, const protocol::FileRequest& request,
                                                        std::chrono::milliseconds stall_limit) {
  protocol::FileAnswer answer{.id = request.id};
  const auto file = find_composition_file(html_file_, request.path);
  if (!file) co_return co_await send_answer(channel, answer, stall_limit);
  auto digest = co_await digest_of(*file);
  if (!digest) {
    answer.status = protocol::FileStatus::unreadable;
    co_return co_await send_answer(channel, answer, stall_limit);
  }
  answer.digest = *digest;
  constexpr std::size_t longest_extension = 16;  // longer than any that mime_type() knows (base/file_request.cpp)
  answer.extension = file->extension().string();
  if (answer.extension.size() > longest_extension) answer.extension.clear();
  answer.status = request.known == digest->sha256 ? protocol::FileStatus::unchanged : protocol::FileStatus::found;
  auto announced = co_await send_answer(channel, answer, stall_limit);
  if (!announced || answer.status == protocol::FileStatus::unchanged) co_return announced;
  co_return co_await send_file(channel, *file, std::move(*digest), stall_limit);
}

}  // namespace orchestrator
