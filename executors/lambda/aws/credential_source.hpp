#pragma once

#include "lambda/aws/credential_cache.hpp"
#include "lambda/aws/credential_plan.hpp"
#include "lambda/aws/http_client.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace orchestrator::aws {

/// Fetches credentials once for all callers, and again before they expire; while that fails, the old ones are used until they
/// expire. No error quotes them. Threads: the HTTP client's.
class CredentialSource {
 public:
  using Clock = std::function<CredentialCache::Time()>;
  CredentialSource(boost::asio::any_io_executor executor, HttpClient& http, CredentialOptions options,
                   Clock now = std::chrono::system_clock::now);

  /// Errors: Errc::invalid_options, saying what to set, or that the AWS CLI (version 2) is needed; executor_unavailable if an
  /// endpoint does not answer. Cancellation: terminal.
  boost::asio::awaitable<Result<Credentials>> get();
  /// The service refused these: the next get() fetches new ones.
  void refused(const Credentials& keys) { cache_.refused(keys); }

 private:
  struct Flight;
  boost::asio::awaitable<Result<ExpiringCredentials>> fetch();
  boost::asio::awaitable<Result<ExpiringCredentials>> ask_command_line(std::string profile);
  boost::asio::awaitable<Result<ExpiringCredentials>> ask_container(CredentialPlan plan);
  boost::asio::awaitable<Result<ExpiringCredentials>> ask_instance(CredentialPlan plan);
  boost::asio::awaitable<Result<std::string>> ask(HttpRequest request, std::string who);

  HttpClient* http_;
  CredentialOptions options_;
  Clock now_;
  CredentialCache cache_{};
  bool fetching_{false};
  std::optional<Error> failure_{};     // of the last fetch that was not cancelled
  boost::asio::steady_timer fetched_;  // never expires; cancelled when a fetch has ended
};

/// The region of the environment or of a profile of the shared files ("": AWS_PROFILE, or "default"); empty: none is set.
std::string find_region(const std::string& profile);

}  // namespace orchestrator::aws
