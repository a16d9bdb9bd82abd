#include "worker/fetched_files.hpp"

#include "base/sha256.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

Error unexpected(const char* what) { return Error{.code = Errc::protocol_error, .detail = what, .stage = Stage::load}; }

// The extension becomes part of a file name here, and is sent by another machine, the host.
bool is_extension(std::string_view text) { return text.size() < 64 && text.find('/') == std::string_view::npos; }

}  // namespace

void FetchedFiles::enter_render(const std::string& render) { render_ = render; }

asio::awaitable<SourcedFile> FetchedFiles::find(std::string target) {
  co_await asio::this_coro::throw_if_cancelled(false);
  target = target.substr(0, target.find_first_of("?#"));
  File& file = files_.try_emplace(target, executor_).first->second;
  if (!file.pending && file.render != render_) {
    file.render = render_;
    file.pending = true;
    asked_.push_back(target);
    send_(protocol::FileRequest{next_id_++, target, file.sha256});
  }
  while (file.pending) {
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return SourcedFile{};
    boost::system::error_code woken;
    co_await file.arrived.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  co_return file.copy;
}

Result<void> FetchedFiles::on(const protocol::FileAnswer& answer) {
  if (asked_.empty() || receiver_ || answer.id != first_id_) return unexpected("the host sent a file that was not asked for");
  if (answer.status == protocol::FileStatus::found) return receive(answer);
  File& file = files_.at(asked_.front());
  if (answer.status != protocol::FileStatus::unchanged) {
    file.sha256.clear();
    file.copy = {.unreadable = answer.status == protocol::FileStatus::unreadable};
  } else if (file.copy.path.empty()) {
    return unexpected("the host calls a file unchanged that it never sent");
  }
  settle();
  return {};
}

Result<void> FetchedFiles::receive(const protocol::FileAnswer& answer) {
  if (!is_sha256(answer.digest.sha256) || !is_extension(answer.extension)) return unexpected("the host announced a file wrongly");
  File& file = files_.at(asked_.front());
  file.sha256 = answer.digest.sha256;
  file.copy = {.path = folder_ / (answer.digest.sha256 + answer.extension)};
  auto receiver = protocol::FileReceiver::open(file.copy.path, answer.digest);
  if (!receiver) return receiver.error();
  receiver_ = std::move(*receiver);
  return on(protocol::Data{});  // an empty file is complete already
}

Result<void> FetchedFiles::on(const protocol::Data& data) {
  if (!receiver_) return unexpected("the host sent data that no message announced");
  const auto complete = receiver_->feed(data.bytes);
  if (!complete) return complete.error();
  if (!*complete) return {};
  receiver_.reset();
  settle();
  return {};
}

void FetchedFiles::settle() {
  File& file = files_.at(asked_.front());
  asked_.pop_front();
  ++first_id_;
  file.pending = false;
  file.arrived.cancel();
}

}  // namespace orchestrator
