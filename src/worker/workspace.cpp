#include "worker/workspace.hpp"

#include "media/output_format.hpp"
#include "media/validate_video.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

// A host that reads nothing for so long is gone; its own limit (the hello's heartbeat_limit_ms) is usually shorter.
constexpr std::chrono::milliseconds stall_limit{30'000};

Error no_place(Error error) {
  error.code = Errc::output_unwritable;
  return error;
}

}  // namespace

Result<FileSource> Workspace::prepare(protocol::Job& job) {
  if (auto valid = validate_video(job.job.video); !valid) return valid.error();  // the host may know other codecs
  if (!job.files_from_host && !job.return_file) return FileSource{};
  if (auto opened = open(); !opened) return opened.error();
  if (job.return_file) job.job.output = folder_->path() / chunk_file_name(job.job.chunk, job.job.video);
  return job.files_from_host ? files_of(job.job.render) : FileSource{};
}

Result<FileSource> Workspace::prepare(const protocol::Describe& describe) {
  if (auto valid = validate_video(describe.job.video); !valid) return valid.error();
  if (!describe.files_from_host) return FileSource{};
  if (auto opened = open(); !opened) return opened.error();
  return files_of(describe.job.render);
}

Result<void> Workspace::open() {
  if (folder_) return {};
  const auto temporary = temporary_folder();
  if (!temporary) return no_place(temporary.error());
  auto folder = GuardedDir::create(executor_, *temporary, "orchestrator-worker-");
  if (!folder) return no_place(folder.error());
  folder_.emplace(std::move(*folder));
  files_.emplace(executor_, folder_->path(), [this](const protocol::Message& message) { channel_.send(message); });
  return {};
}

FileSource Workspace::files_of(const std::string& render) {
  files_->enter_render(render);
  return [this](std::string target) { return files_->find(std::move(target)); };
}

asio::awaitable<Result<void>> Workspace::send_back(ChunkResult result, int job) {
  const fs::path file = result.file;
  auto digest = co_await digest_file(file);
  if (!digest) co_return digest.error();
  channel_.send(protocol::Done{std::move(result), *digest, job});
  auto sent = co_await protocol::send_file(channel_, file, std::move(*digest), stall_limit);
  std::error_code ignored;
  fs::remove(file, ignored);
  co_return sent;
}

}  // namespace orchestrator
