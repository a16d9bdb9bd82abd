#pragma once

#include "lambda/function/function_store.hpp"
#include "lambda/messages/composition_manifest.hpp"
#include "serve/composition_server.hpp"

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
  /// Why a file of the manifest could not be brought, since enter(). Good until the next enter().
  const std::optional<Error>& failure() const { return entered_->failure; }

 private:
  /// What enter() brought. A find() keeps the one it began with: it may end when the next invocation has long entered, since
  /// the environment freezes between the two.
  struct Entered {
    std::shared_ptr<FunctionStore> store{};
    std::string manifest_key{};
    std::shared_ptr<const CompositionManifest> manifest{std::make_shared<const CompositionManifest>()};
    std::optional<Error> failure{};
  };

  boost::asio::awaitable<void> fetch(std::shared_ptr<Entered> entered, std::filesystem::path copy, FileDigest digest);
  void remove_others() const;

  boost::asio::any_io_executor executor_;
  std::filesystem::path folder_;
  std::shared_ptr<Entered> entered_{std::make_shared<Entered>()};
  /// Files on their way; the timer never expires, and is cancelled when the file is there or can not be had.
  std::map<std::filesystem::path, std::shared_ptr<boost::asio::steady_timer>> pending_{};
};

}  // namespace orchestrator::lambda
