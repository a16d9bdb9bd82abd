#pragma once

#include "lambda/aws/http_client.hpp"

#include <curl/curl.h>

#include <array>
#include <cstdio>
#include <memory>

namespace orchestrator::aws {

/// One request as libcurl knows it: an easy handle, what it reads from and what it writes to. It does not move:
/// libcurl holds its address.
class HttpTransfer {
 public:
  HttpTransfer(HttpRequest request, HttpSendOptions options);
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  /// Call it first. Returns why the request cannot be sent; nothing if it can.
  std::optional<HttpFailure> prepare();
  CURL* handle() const { return handle_.get(); }
  using Clock = std::chrono::steady_clock;
  /// The time from which the transfer is silent for too long, unless a byte comes or goes before. (libcurl's own limit,
  /// CURLOPT_LOW_SPEED_TIME, averages over some 5 s.)
  Clock::time_point silent_at() const;
  HttpFailure silence() const;
  /// The response, or why there is none, after libcurl has ended with `code`.
  HttpResult<HttpResponse> result(CURLcode code);

 private:
  struct Free {
    void operator()(CURL* handle) const { ::curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  template <class T>
  void set(CURLoption option, T value) {
    ::curl_easy_setopt(handle_.get(), option, value);
  }
  void set_limits();
  void set_callbacks();
  std::optional<HttpFailure> set_headers();
  std::optional<HttpFailure> set_method_and_body();
  bool was_sent() const;
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  static std::size_t read_body(char* buffer, std::size_t size, std::size_t count, void* self);
  static int seek_body(void* self, curl_off_t offset, int origin);

  HttpRequest request_;
  HttpSendOptions options_;
  HttpResponse response_{};
  std::unique_ptr<CURL, Free> handle_;
  std::unique_ptr<curl_slist, Free> header_list_{};
  std::unique_ptr<std::FILE, Free> file_{};
  std::size_t sent_{0};  // bytes of request_.body
  std::optional<HttpFailure::Kind> refused_body_{};
  Clock::time_point last_sign_{Clock::now()};  // when a byte last came or went
  std::array<char, CURL_ERROR_SIZE> last_words_{};
};

}  // namespace orchestrator::aws
