#include "lambda/function/composition_source.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <set>

namespace orchestrator::lambda {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

/// The name of a file's copy. It keeps the extension, by which the server tells the file's type.
std::string copy_name(const std::string& name, const FileDigest& digest) {
  const std::string extension = fs::path(name).extension().string();
  return digest.sha256 + (extension.size() < 64 ? extension : std::string());
}

Error damaged(const std::string& manifest_key) {
  return Error{.code = Errc::protocol_error,
               .detail = "the composition's manifest " + manifest_key +
                         " is not the text whose SHA-256 its key has; remove the object, so that it is made again",
               .stage = Stage::load};
}

/// Says what to do about a missing file. An upload takes a manifest as proof that its files are there, so it has to be removed,
/// too.
Error explain(const aws::AwsFailure& failure, const std::string& manifest_key) {
  Error error = failure.error;
  if (failure.name != "NoSuchKey") return error;
  error.detail += "; the bucket has lost a file of the composition: remove " + manifest_key +
                  ", too, so that the next render uploads all of it again";
  return error;
}

}  // namespace

asio::awaitable<Result<std::string>> CompositionSource::enter(std::shared_ptr<FunctionStore> store, std::string manifest_key) {
  if (manifest_key == entered_->manifest_key) {  // the key holds the manifest's SHA-256, so the content is the same
    entered_ = std::make_shared<Entered>(Entered{std::move(store), std::move(manifest_key), entered_->manifest});
    co_return entered_->manifest->document;
  }
  auto text = co_await store->read(manifest_key);
  if (!text) co_return text.error();
  if (!manifest_key.ends_with(manifest_name(*text))) co_return damaged(manifest_key);
  auto manifest = parse_manifest(*text);
  if (!manifest) co_return manifest.error();
  auto kept = std::make_shared<const CompositionManifest>(std::move(*manifest));
  entered_ = std::make_shared<Entered>(Entered{std::move(store), std::move(manifest_key), std::move(kept)});
  remove_others();
  co_return entered_->manifest->document;
}

/// Removes the copies that this composition does not need: /tmp has 512 MB unless somebody pays for more.
void CompositionSource::remove_others() const {
  std::set<std::string> wanted;
  for (const auto& [name, digest] : entered_->manifest->files) wanted.insert(copy_name(name, digest));
  std::error_code failed;
  fs::create_directories(folder_, failed);
  for (const auto& entry : fs::directory_iterator(folder_, failed)) {
    if (!wanted.contains(entry.path().filename().string())) fs::remove(entry.path(), failed);
  }
}

asio::awaitable<SourcedFile> CompositionSource::find(std::string target) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto entered = entered_;
  const std::string name = find_name(*entered->manifest, target);
  if (name.empty()) co_return SourcedFile{};
  const FileDigest digest = entered->manifest->files.at(name);
  const fs::path copy = folder_ / copy_name(name, digest);
  while (pending_.contains(copy)) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return SourcedFile{.unreadable = true};  // and leaves the file to who fetches it
    const auto arrived = pending_.at(copy);
    boost::system::error_code woken;
    co_await arrived->async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  std::error_code failed;
  if (!fs::exists(copy, failed)) co_await fetch(entered, copy, digest);
  if (!fs::exists(copy, failed)) co_return SourcedFile{.unreadable = true};
  co_return SourcedFile{.path = copy};
}

asio::awaitable<void> CompositionSource::fetch(std::shared_ptr<Entered> entered, fs::path copy, FileDigest digest) {
  const auto arrived = std::make_shared<asio::steady_timer>(executor_, asio::steady_timer::time_point::max());
  pending_.emplace(copy, arrived);
  std::string key = file_key(entered->manifest_key, digest.sha256);
  auto fetched = co_await entered->store->fetch(std::move(key), copy, std::move(digest));
  const bool failed = !fetched && fetched.error().error.code != Errc::cancelled;  // a page may drop a request
  if (failed && !entered->failure) entered->failure = explain(fetched.error(), entered->manifest_key);
  pending_.erase(copy);
  arrived->cancel();
}

}  // namespace orchestrator::lambda
