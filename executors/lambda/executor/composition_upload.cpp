#include "lambda/executor/composition_upload.hpp"

#include "lambda/executor/object_keys.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/composition.hpp>
#include <orchestrator/worker/task_group.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

// Small files cost a round trip each, so several are sent at a time: as many as a browser has HTTP/1.1 connections to a host.
constexpr int uploads_at_a_time = 6;
// An upload of this size is worth a warning: it fills half of a function's /tmp (512 MB unless somebody pays for more), and takes
// minutes on most people's uplink.
constexpr std::int64_t much_bytes = 256'000'000;

Error unreadable(const fs::path& file, const std::string& reason) {
  return Error{
      .code = Errc::composition_not_found, .detail = "cannot read " + file.string() + ": " + reason, .stage = Stage::load};
}

/// Logs what is uploaded. A page brings along everything in its folder, which its author may not have meant.
void announce(const lambda::CompositionManifest& manifest, const fs::path& folder, ChunkContext& context) {
  std::int64_t bytes = 0;
  for (const auto& [name, digest] : manifest.files) bytes += digest.bytes;
  const std::string what =
      std::to_string(manifest.files.size()) + " file(s), " + std::to_string(bytes / 1'000'000) + " MB, of " + folder.string();
  if (bytes < much_bytes) return context.log(LogLevel::info, "uploading " + what);
  context.log(LogLevel::warning, "uploading " + what + ": everything in the page's folder; keep it to what the page needs");
}

/// The uploads of one composition, several at a time.
struct Uploads {
  asio::awaitable<void> work() {
    co_await asio::this_coro::throw_if_cancelled(false);
    while (next != manifest.files.end() && !failure) {
      const bool cancelled = co_await is_cancelled();
      if (cancelled) co_return;
      const auto file = next++;
      const fs::path path = folder / file->first;
      std::string key = lambda::file_key(manifest_at, file->second.sha256);
      aws::S3PutOptions absent;
      absent.only_if_absent = true;
      auto stored = co_await store.put_file(std::move(key), path, file->second.sha256, std::move(absent));
      if (!stored && !failure) failure = stored.error().error;
    }
  }

  aws::S3Client& store;
  const lambda::CompositionManifest& manifest;
  const std::string& manifest_at;
  fs::path folder;
  std::map<std::string, FileDigest>::const_iterator next;
  std::optional<Error> failure{};
};

}  // namespace

asio::awaitable<Result<lambda::CompositionManifest>> read_manifest(fs::path html_file) {
  const fs::path folder = composition_root(html_file);
  auto names = composition_files(folder);
  if (!names) co_return names.error();
  lambda::CompositionManifest manifest{.document = composition_name(html_file)};
  names->insert(manifest.document);
  for (const std::string& name : *names) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error(Stage::load);
    auto digest = co_await digest_file(folder / name);
    if (!digest) co_return unreadable(folder / name, "is it readable for the user who renders?");
    manifest.files.emplace(name, std::move(*digest));
  }
  co_return manifest;
}

asio::awaitable<Result<std::string>> upload_composition(aws::S3Client& store, std::string prefix, fs::path html_file,
                                                        ChunkContext& context) {
  const auto manifest = co_await read_manifest(html_file);
  if (!manifest) co_return manifest.error();
  const std::string text = lambda::to_json(*manifest);
  const std::string key = manifest_key(prefix, text);
  const auto there = co_await store.head(key);
  if (!there) co_return there.error().error;
  if (*there) co_return key;  // the manifest is put last, so its files are there, too
  announce(*manifest, composition_root(html_file), context);
  Uploads uploads{store, *manifest, key, composition_root(html_file), manifest->files.begin()};
  TaskGroup tasks(co_await asio::this_coro::executor);
  for (int i = 0; i < uploads_at_a_time; ++i) tasks.spawn(uploads.work());
  co_await tasks.wait_or_cancel();
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancelled_error(Stage::load);
  if (uploads.failure) co_return *uploads.failure;
  aws::S3PutOptions json;
  json.content_type = "application/json";
  auto stored = co_await store.put(key, text, std::move(json));
  if (!stored) co_return stored.error().error;
  co_return key;
}

}  // namespace orchestrator
