#include "lambda/aws/credential_cache.hpp"

#include <algorithm>

namespace orchestrator::aws {

namespace {

using namespace std::chrono_literals;

constexpr auto longest_lead = 5min;  // AWS SDKs' refresh window
constexpr int lead_share = 4;        // of a shorter life, the last quarter
constexpr auto pause_before_next = 30s;

}  // namespace

std::optional<Credentials> CredentialCache::current(Time now) const {
  return credentials_ && now < due_ ? std::optional(credentials_->keys) : std::nullopt;
}

/// Those that have expired by this machine's clock may be good by AWS's: fetching them for each request would not help.
void CredentialCache::fetched(ExpiringCredentials credentials, Time now) {
  credentials_ = std::move(credentials);
  due_ = Time::max();
  if (!credentials_->expires) return;
  const Time::duration life = *credentials_->expires - now;
  due_ = life > 0s ? *credentials_->expires - std::min<Time::duration>(longest_lead, life / lead_share) : now + pause_before_next;
}

std::optional<Credentials> CredentialCache::not_fetched(Time now) {
  if (!credentials_ || !credentials_->expires) return std::nullopt;
  due_ = std::min<Time>(now + pause_before_next, *credentials_->expires);
  return current(now);
}

void CredentialCache::refused(const Credentials& keys) {
  if (credentials_ && credentials_->keys.access_key_id == keys.access_key_id) credentials_.reset();
}

}  // namespace orchestrator::aws
