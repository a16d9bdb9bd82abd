#include "cdp/cdp_connection.hpp"

#include "cdp/cdp_message.hpp"
#include "cdp/cdp_splitter.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <fcntl.h>

#include <map>
#include <utility>
#include <vector>

namespace orchestrator {

namespace asio = boost::asio;

struct CdpConnection::State {
  State(asio::any_io_executor executor, int commands_fd, int replies_fd)
      : commands(executor, asio::local::stream_protocol(), commands_fd), replies(executor, replies_fd) {}

  asio::local::stream_protocol::socket commands;
  asio::posix::stream_descriptor replies;
  std::map<std::int64_t, std::shared_ptr<CdpCall>> calls{};
  std::map<std::pair<std::string, std::string>, EventHandler> handlers{};
  std::string outgoing{};
  std::int64_t last_id{0};
  bool writing{false};
  std::optional<Error> ended{};

  void complete(CdpCall& call, Result<std::string> reply) {
    calls.erase(call.id);
    call.reply = std::move(reply);
    call.wakeup.cancel();
  }

  void end(Error error) {
    if (ended) return;
    ended = std::move(error);
    boost::system::error_code ignored;
    commands.close(ignored);
    replies.close(ignored);
    for (const auto& [id, call] : std::exchange(calls, {})) complete(*call, *ended);
  }

  void handle_reply(CdpMessage& message) {
    const auto found = calls.find(*message.id);
    if (found == calls.end()) return;  // the call timed out or was cancelled, or there was none
    const auto call = found->second;
    if (message.error) {
      complete(*call,
               Error{.code = Errc::capture_failed, .detail = call->method + ": " + *message.error, .stage = Stage::capture});
    } else {
      complete(*call, std::move(message.body));
    }
  }

  void handle_event(const CdpMessage& message) {
    const auto found = handlers.find({message.session_id, message.method});
    if (found == handlers.end()) return;
    const EventHandler handler = found->second;  // a copy, because the handler may replace itself
    handler(message.body);
  }

  void handle(std::string& json) {
    auto message = parse_cdp_message(json);
    if (!message) return end(message.error());
    message->id ? handle_reply(*message) : handle_event(*message);
  }
};

namespace {

Error connection_ended() {
  return Error{.code = Errc::browser_crashed, .detail = "Chromium ended unexpectedly", .stage = Stage::capture};
}

asio::awaitable<void> read_messages(std::shared_ptr<CdpConnection::State> state) {
  CdpSplitter splitter;
  std::string message;
  while (!state->ended) {
    const auto room = splitter.room();
    boost::system::error_code failed;
    const std::size_t size = co_await state->replies.async_read_some(asio::buffer(room.data(), room.size()),
                                                                     asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return state->end(connection_ended());
    splitter.commit(size);
    while (!state->ended && splitter.next(message)) state->handle(message);
    if (splitter.overflowed()) {
      co_return state->end(Error{.code = Errc::protocol_error, .detail = "Chromium sent a CDP message without an end"});
    }
  }
}

asio::awaitable<void> write_messages(std::shared_ptr<CdpConnection::State> state) {
  while (!state->outgoing.empty() && !state->ended) {
    const std::string bytes = std::exchange(state->outgoing, {});
    boost::system::error_code failed;
    co_await asio::async_write(state->commands, asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failed));
    if (failed) state->end(connection_ended());
  }
  state->writing = false;
}

/// Nothing needs escaping: method names come from this library, session ids from Chromium, and `params` is JSON.
std::string request_text(std::int64_t id, std::string_view method, std::string_view params, std::string_view session) {
  std::string text = R"({"id":)" + std::to_string(id) + R"(,"method":")";
  text.append(method).append(R"(","params":)").append(params);
  if (!session.empty()) text.append(R"(,"sessionId":")").append(session).append("\"");
  return text.append("}").append(1, '\0');
}

}  // namespace

CdpConnection::CdpConnection(asio::any_io_executor executor, UniqueFd commands, UniqueFd replies) {
  // A screenshot is a message of megabytes: with the default pipe of 64 KiB, each piece of it would wake this process.
  ::fcntl(replies.get(), F_SETPIPE_SZ, 1 << 20);
  state_ = std::make_shared<State>(executor, commands.release(), replies.release());
  asio::co_spawn(executor, read_messages(state_), asio::detached);
}

CdpConnection::~CdpConnection() {
  state_->handlers.clear();
  close();
}

std::shared_ptr<CdpCall> CdpConnection::send(std::string_view method, std::string_view params, std::string_view session,
                                             std::chrono::steady_clock::time_point deadline) {
  const auto executor = state_->commands.get_executor();
  auto call = std::make_shared<CdpCall>(executor);
  call->method = method;
  call->session = session;
  call->wakeup.expires_at(deadline);
  if (state_->ended) {
    call->reply = *state_->ended;
    return call;
  }
  call->id = ++state_->last_id;
  state_->calls[call->id] = call;
  state_->outgoing += request_text(call->id, method, params, session);
  if (!std::exchange(state_->writing, true)) asio::co_spawn(executor, write_messages(state_), asio::detached);
  return call;
}

asio::awaitable<Result<std::string>> CdpConnection::finish(std::shared_ptr<CdpCall> call) {
  const auto state = state_;
  bool cancelled = co_await is_cancelled();
  if (!cancelled && !call->reply) {
    boost::system::error_code woken;
    co_await call->wakeup.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    cancelled = co_await is_cancelled();
  }
  if (call->reply && !cancelled) co_return std::move(*call->reply);
  state->calls.erase(call->id);
  if (cancelled) co_return Error{.code = Errc::cancelled, .detail = call->method + " was cancelled", .stage = Stage::capture};
  co_return Error{.code = Errc::timed_out, .detail = call->method + ": no answer in time", .stage = Stage::capture};
}

asio::awaitable<Result<std::string>> CdpConnection::call(std::string method, std::string params, std::string session,
                                                         std::chrono::steady_clock::time_point deadline) {
  auto sent = send(method, params, session, deadline);
  co_return co_await finish(std::move(sent));
}

void CdpConnection::on_event(std::string_view session, std::string_view method, EventHandler handler) {
  state_->handlers[{std::string(session), std::string(method)}] = std::move(handler);
}

void CdpConnection::fail_calls(std::string_view session, const Error& error) {
  std::vector<std::shared_ptr<CdpCall>> failed;
  for (const auto& [id, call] : state_->calls) {
    if (call->session == session) failed.push_back(call);
  }
  for (const auto& call : failed) state_->complete(*call, error);
}

bool CdpConnection::open() const noexcept { return !state_->ended; }
void CdpConnection::close() { state_->end(connection_ended()); }

}  // namespace orchestrator
