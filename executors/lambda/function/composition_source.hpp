#pragma once

#include "lambda/function/function_store.hpp"
#include "lambda/messages/composition_manifest.hpp"
#include "serve/composition_server.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <optional>

namespace orchestrator::lambda {

/// Fetches a composition's files from the bucket: its manifest once, a file when a page first asks for it. Copies are kept by
/// their content for later invocations in this environment, until a composition without them is entered.
class CompositionSource {
 public:
  /// `folder` must hold nothing but the copies.
  CompositionSource(boost::asio::any_io_executor executor, std::filesystem::path folder)
      : executor_(std::move(executor)), folder_(std::move(folder)) {}

  /// Finds the files of this manifest from now on. Returns the name of its document.
  boost::asio::awaitable<Result<std::string>> enter(std::shared_ptr<FunctionStore> store, std::string manifest_key);
  /// What a FileSource does (composition_server.hpp). Cancellation: terminal.
  boost::asio::awaitable<SourcedFile> find(std::string target);
  /// Why a file of the manifest could not be fetched since enter(). Valid until the next enter().
  const std::optional<Error>& failure() const { return entered_->failure; }

 private:
  /// The state that enter() makes. A find() keeps the state it began with, because it may end long after the next enter(): the
  /// environment freezes between two invocations.
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
  /// Files that are being fetched. A timer never expires; it is cancelled when its file's fetch has ended.
  std::map<std::filesystem::path, std::shared_ptr<boost::asio::steady_timer>> pending_{};
};

}  // namespace orchestrator::lambda
