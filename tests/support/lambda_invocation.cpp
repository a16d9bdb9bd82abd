#include "support/lambda_invocation.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdio>
#include <random>

namespace orchestrator::test {

namespace asio = boost::asio;

namespace {

// Enough pieces that nobody waits for a thread switch, few enough that a stream of 200 MB is not kept in memory.
constexpr std::size_t most_pieces_waiting = 16;

/// A version 4 UUID, as Lambda's request ids are.
std::string random_uuid() {
  static std::mt19937_64 random{std::random_device{}()};
  const std::uint64_t high = random(), low = random();
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-4%03x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xffff), static_cast<unsigned>(high & 0xfff),
                static_cast<unsigned>(0x8000 | (low >> 48 & 0x3fff)), static_cast<unsigned long long>(low & 0xffffffffffff));
  return text;
}

}  // namespace

LambdaFunctionError lambda_error(std::string type, std::string_view message) {
  std::string body = boost::json::serialize(boost::json::object{{"errorType", type}, {"errorMessage", message}});
  return {std::move(type), std::move(body)};
}

LambdaInvocation::LambdaInvocation(const asio::any_io_executor& executor, std::string event_json,
                                   std::optional<LambdaFault> on_purpose)
    : request_id(random_uuid()),
      invocation_id(random_uuid()),
      event(std::move(event_json)),
      fault(on_purpose),
      changed_(executor, asio::steady_timer::time_point::max()) {}

asio::awaitable<void> LambdaInvocation::change() {
  boost::system::error_code woken;
  co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
}

asio::awaitable<void> LambdaInvocation::add(std::string piece) {
  while (pieces_.size() >= most_pieces_waiting && !abandoned_ && !ended_) co_await change();
  if (ended_ || abandoned_) co_return;
  pieces_.push_back(std::move(piece));
  changed_.cancel();
}

void LambdaInvocation::end(std::optional<LambdaFunctionError> failure) {
  if (ended_) return;
  ended_ = true;
  failure_ = std::move(failure);
  changed_.cancel();
  if (on_end) on_end();
}

asio::awaitable<std::optional<std::string>> LambdaInvocation::next() {
  while (pieces_.empty() && !ended_) co_await change();
  if (pieces_.empty()) co_return std::nullopt;
  std::string piece = std::move(pieces_.front());
  pieces_.pop_front();
  changed_.cancel();
  co_return piece;
}

void LambdaInvocation::abandon() {
  abandoned_ = true;
  pieces_.clear();
  changed_.cancel();
}

}  // namespace orchestrator::test
