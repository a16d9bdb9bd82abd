#pragma once

#include "http/composition_server.hpp"
#include "lambda/composition_manifest.hpp"
#include "lambda/function_store.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <optional>

namespace orchestrator::lambda {

/// A composition's files out of the bucket: its manifest once, a file when a page asks for it first. What was fetched is kept by
/// content for the environment's next invocations, until another composition needs the room.
class CompositionSource {
 public:
  /// `folder` is for the copies alone.
  CompositionSource(boost::asio::any_io_executor executor, std::filesystem::path folder)
      : executor_(std::move(executor)), folder_(std::move(folder)) {}

  /// From now on files are those of this manifest; its document's name.
  boost::asio::awaitable<Result<std::string>> enter(std::shared_ptr<FunctionStore> store, std::string manifest_key);
  /// As a FileSource. Cancellation: terminal.
  boost::asio::awaitable<SourcedFile> find(std::string target);
  /// Why a file of the manifest could not be brought, since enter().
  const std::optional<Error>& failure() const { return failure_; }

 private:
  boost::asio::awaitable<void> fetch(std::string key, std::filesystem::path copy, FileDigest digest);
  void remove_others() const;

  boost::asio::any_io_executor executor_;
  std::filesystem::path folder_;
  std::shared_ptr<FunctionStore> store_{};
  std::string manifest_key_{};
  CompositionManifest manifest_{};
  /// Files on their way; the timer never expires, and is cancelled when the file is there or can not be had.
  std::map<std::filesystem::path, std::shared_ptr<boost::asio::steady_timer>> pending_{};
  std::optional<Error> failure_{};
};

}  // namespace orchestrator::lambda
