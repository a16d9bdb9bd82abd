#include "lambda/aws/http_client.hpp"

#include "lambda/aws/http_transfer.hpp"

#include <orchestrator/worker/cancellation.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <map>
#include <new>

namespace orchestrator::aws {

namespace asio = boost::asio;

namespace {

void start_libcurl() {
  static const CURLcode started = ::curl_global_init(CURL_GLOBAL_DEFAULT);  // once for the process
  if (started != CURLE_OK) throw std::bad_alloc();
}

/// A socket of libcurl's that the loop waits for.
struct Watch {
  explicit Watch(const asio::any_io_executor& executor) : descriptor(executor) {}
  asio::posix::stream_descriptor descriptor;
  int wanted{0};  // CURL_POLL_*; 0: libcurl has forgotten this socket
  bool reading{false};
  bool writing{false};
};

/// A transfer that libcurl works on, and the timer that its coroutine waits for.
struct Running {
  Running(CURLM* owner, CURL* easy, const asio::any_io_executor& executor)
      : multi(owner), handle(easy), ended(executor, asio::steady_timer::time_point::max()) {
    ::curl_easy_setopt(handle, CURLOPT_PRIVATE, this);
    ::curl_multi_add_handle(multi, handle);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { ::curl_multi_remove_handle(multi, handle); }
  CURLM* multi;
  CURL* handle;
  asio::steady_timer ended;  // cancelled when `code` is set; expires after too long a silence
  std::optional<CURLcode> code{};
};

}  // namespace

/// Drives libcurl through its "multi_socket" interface: libcurl says which sockets and which timeout to wait for, and the loop
/// tells libcurl what happened.
struct HttpClient::State : std::enable_shared_from_this<HttpClient::State> {
  explicit State(asio::any_io_executor loop) : executor(std::move(loop)), timer(executor), multi(::curl_multi_init()) {
    if (multi == nullptr) throw std::bad_alloc();
    const auto on_socket = +[](CURL*, curl_socket_t socket, int wanted, void* self, void*) {
      static_cast<State*>(self)->watch(socket, wanted);
      return 0;
    };
    const auto on_timeout = +[](CURLM*, long timeout_ms, void* self) {
      static_cast<State*>(self)->set_timer(timeout_ms);
      return 0;
    };
#if CURL_AT_LEAST_VERSION(8, 20, \
                          0)  // looks names up in threads of the multi handle; http_transfer.cpp says why not to wait for them
    ::curl_multi_setopt(multi, CURLMOPT_QUICK_EXIT, 1L);
#endif
    ::curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    ::curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    ::curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timeout);
    ::curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    ::curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, nullptr);
    for (const auto& [socket, watch] : watches) forget(*watch);  // libcurl closes its sockets itself
    ::curl_multi_cleanup(multi);
  }

  void set_timer(long timeout_ms) {
    timer.cancel();
    if (timeout_ms < 0) return;
    timer.expires_after(std::chrono::milliseconds(timeout_ms));
    timer.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
      const auto self = weak.lock();
      if (self && !cancelled) self->act(CURL_SOCKET_TIMEOUT, 0);
    });
  }

  void watch(curl_socket_t socket, int wanted) {
    std::shared_ptr<Watch>& watch = watches[socket];
    if (wanted == CURL_POLL_REMOVE) {
      if (watch) forget(*watch);
      watches.erase(socket);
      return;
    }
    if (!watch) {
      watch = std::make_shared<Watch>(executor);
      boost::system::error_code failed;  // no memory or no epoll watch left: then the transfer ends by its timeouts
      watch->descriptor.assign(socket, failed);
    }
    watch->wanted = wanted;
    arm(socket, watch);
  }

  static void forget(Watch& watch) {
    watch.wanted = 0;
    if (watch.descriptor.is_open()) watch.descriptor.release();  // libcurl closes it
  }

  void arm(curl_socket_t socket, const std::shared_ptr<Watch>& watch) {
    using asio::posix::descriptor_base;
    if ((watch->wanted & CURL_POLL_IN) != 0) await(socket, watch, descriptor_base::wait_read, &Watch::reading, CURL_CSELECT_IN);
    if ((watch->wanted & CURL_POLL_OUT) != 0)
      await(socket, watch, descriptor_base::wait_write, &Watch::writing, CURL_CSELECT_OUT);
  }

  void await(curl_socket_t socket, const std::shared_ptr<Watch>& watch, asio::posix::descriptor_base::wait_type what,
             bool Watch::*under_way, int event) {
    if (*watch.*under_way) return;
    *watch.*under_way = true;
    watch->descriptor.async_wait(what,
                                 [weak = weak_from_this(), watch, socket, under_way, event](boost::system::error_code failed) {
                                   *watch.*under_way = false;
                                   const auto self = weak.lock();
                                   if (!self || watch->wanted == 0 || failed) return;
                                   self->act(socket, event);
                                   if (watch->wanted != 0) self->arm(socket, watch);
                                 });
  }

  void act(curl_socket_t socket, int events) {
    int running = 0;
    ::curl_multi_socket_action(multi, socket, events, &running);
    int left = 0;
    while (const CURLMsg* message = ::curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      void* ended = nullptr;
      const CURLcode code = message->data.result;
      ::curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &ended);
      static_cast<Running*>(ended)->code = code;
      static_cast<Running*>(ended)->ended.cancel();
    }
  }

  asio::any_io_executor executor;
  asio::steady_timer timer;
  std::map<curl_socket_t, std::shared_ptr<Watch>> watches{};
  CURLM* multi;
};

HttpClient::HttpClient(asio::any_io_executor executor) {
  start_libcurl();
  state_ = std::make_shared<State>(std::move(executor));
}

asio::awaitable<HttpResult<HttpResponse>> HttpClient::send(HttpRequest request, HttpSendOptions options) {
  const std::shared_ptr<State> state = state_;
  const HttpFailure cancellation{HttpFailure::Kind::cancelled, "cancelled"};
  bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancellation;
  HttpTransfer transfer(std::move(request), std::move(options));
  if (auto refused = transfer.prepare()) co_return *refused;
  Running running(state->multi, transfer.handle(), state->executor);
  while (!running.code) {
    boost::system::error_code woken;
    running.ended.expires_at(transfer.silent_at());
    co_await running.ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (running.code) break;
    cancelled = co_await is_cancelled();
    if (cancelled) co_return cancellation;
    if (transfer.silent_at() <= HttpTransfer::Clock::now()) co_return transfer.silence();
  }
  co_return transfer.result(*running.code);
}

}  // namespace orchestrator::aws
