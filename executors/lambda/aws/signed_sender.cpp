#include "lambda/aws/signed_sender.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>

#include <curl/curl.h>

#include <utility>

namespace orchestrator::aws {

namespace asio = boost::asio;

namespace {

AwsFailure cancelled(const AwsCall& call) {
  return {.error = {.code = Errc::cancelled, .detail = call.what + ": cancelled", .stage = Stage::start}};
}

bool has_expired(const AwsFailure& failure) { return failure.name == "ExpiredToken" || failure.name == "ExpiredTokenException"; }

std::chrono::sys_seconds local_time() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

}  // namespace

SignedSender::SignedSender(HttpClient& http, CredentialSource& credentials, RetryBudget& budget, SigningScope scope)
    : http_(&http), credentials_(&credentials), budget_(&budget), scope_(std::move(scope)) {}

/// Whether the service's clock differs from the one that this request was signed with, so that signing again makes sense.
/// Then it corrects `clock_offset_`, which another request may have done already.
bool SignedSender::corrects_clock(const HttpResponse& response, std::chrono::seconds signed_with) {
  const std::time_t date = ::curl_getdate(std::string(find_header(response.headers, "Date")).c_str(), nullptr);
  if (date < 0) return false;
  const std::chrono::seconds offset = std::chrono::sys_seconds(std::chrono::seconds(date)) - local_time();
  if (std::chrono::abs(offset - signed_with) <= std::chrono::minutes(1)) return false;
  clock_offset_ = offset;
  return true;
}

asio::awaitable<AwsResult<HttpResponse>> SignedSender::attempt(const AwsCall& call, const Credentials& keys) {
  if (call.on_attempt) call.on_attempt();
  HttpRequest request = call.request;
  SigningScope scope = scope_;
  const std::chrono::seconds clock_offset = clock_offset_;
  scope.time = local_time() + clock_offset;
  request.headers.insert(request.headers.begin(), {"Host", std::string(authority_of(request.origin))});
  sign_headers(request, keys, scope, call.payload_sha256);
  HttpSendOptions options = call.options;
  auto response = co_await http_->send(std::move(request), std::move(options));
  if (!response) co_return failure_of(response.error(), call.what);
  if (response->status >= 200 && response->status < 300) co_return std::move(*response);
  AwsFailure failure = failure_of(*response, call.what, call.permission);
  const bool is_skew = failure.retry == RetryClass::clock_skew;
  if (is_skew && !corrects_clock(*response, clock_offset)) failure.retry = RetryClass::permanent;
  co_return failure;
}

asio::awaitable<AwsResult<HttpResponse>> SignedSender::send(AwsCall call) {
  RetryState state(call.rules, *budget_);
  for (bool renewed = false, signed_again = false;;) {
    const auto keys = co_await credentials_->get();
    if (!keys) co_return AwsFailure{.error = keys.error()};
    auto response = co_await attempt(call, *keys);
    if (response) {
      state.succeeded();
      co_return response;
    }
    const AwsFailure failure = response.error();
    // Expired credentials and a wrong clock are refused before anything is done: trying again at once harms nobody.
    if (has_expired(failure) && !std::exchange(renewed, true)) {
      credentials_->refused(*keys);
      continue;
    }
    if (failure.retry == RetryClass::clock_skew && !std::exchange(signed_again, true)) continue;
    std::uniform_real_distribution<double> between(0.0, 1.0);
    const auto delay = state.failed(failure.retry, between(random_), failure.retry_after);
    if (!delay) co_return failure;
    if (failure.retry == RetryClass::throttled && on_throttled_) on_throttled_(failure);
    const bool waited = co_await pause(*delay);
    if (!waited) co_return cancelled(call);
  }
}

std::string service_host(const std::string& service, const std::string& region) {
  return service + "." + region + (region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
}

std::string origin_of(std::string endpoint) {
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return endpoint;
}

}  // namespace orchestrator::aws
