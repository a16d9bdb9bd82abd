#include "lambda/aws/credential_cache.hpp"

#include <algorithm>

namespace orchestrator::aws {

namespace {

using namespace std::chrono_literals;

constexpr auto longest_lead = 5min;  // before credentials expire: the AWS SDKs' refresh window
constexpr int lead_share = 4;        // credentials that live less than 20 min are renewed in the last quarter of their life
constexpr auto pause_before_next = 30s;

}  // namespace

std::optional<Credentials> CredentialCache::current(Time now) const {
  return credentials_ && now < due_ ? std::optional(credentials_->keys) : std::nullopt;
}

/// Credentials that have expired by this machine's clock may still be valid by AWS's. They are used for a while before the next
/// fetch: fetching for each request would not help.
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
