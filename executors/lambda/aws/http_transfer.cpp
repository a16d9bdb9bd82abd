#include "lambda/aws/http_transfer.hpp"

#include "base/parse_number.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace orchestrator::aws {

namespace {

using Kind = HttpFailure::Kind;

bool has_line_break(std::string_view text) { return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos; }

/// Reads "name: value\r\n". A line without a colon is a name without a value.
HttpHeader parse_header(std::string_view line) {
  const auto colon = std::min(line.find(':'), line.size());
  std::string_view value = line.substr(std::min(colon + 1, line.size()));
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == '\r' || value.back() == '\n' || value.back() == ' ')) value.remove_suffix(1);
  return {std::string(line.substr(0, colon)), std::string(value)};
}

Kind kind_of(CURLcode code, bool was_sent) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return Kind::unreachable;
    case CURLE_OPERATION_TIMEDOUT: return was_sent ? Kind::silent : Kind::unreachable;
    case CURLE_SSL_CONNECT_ERROR:  // a handshake that was cut off
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_WEIRD_SERVER_REPLY: return was_sent ? Kind::interrupted : Kind::unreachable;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR: return Kind::untrusted;
    default: return Kind::refused;
  }
}

}  // namespace

void throw_exception_from_error(const HttpFailure& failure, const boost::source_location&) {
  throw std::runtime_error(failure.detail);
}

HttpTransfer::HttpTransfer(HttpRequest request, HttpSendOptions options)
    : request_(std::move(request)), options_(std::move(options)), handle_(::curl_easy_init()) {
  if (!handle_) throw std::bad_alloc();
}

std::optional<HttpFailure> HttpTransfer::prepare() {
  const std::string url = request_.origin + request_.path + (request_.query.empty() ? "" : "?" + request_.query);
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PATH_AS_IS, 1L);  // an S3 key may contain "/../"
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  // HTTP/1.1 has one request a connection. With HTTP/2, a proxy or load balancer that limits streams would hold up requests
  // behind invocations that run for minutes.
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_ERRORBUFFER, last_words_.data());
  set_limits();
  set_callbacks();
  if (auto failed = set_headers()) return failed;
  return set_method_and_body();
}

void HttpTransfer::set_limits() {
  set(CURLOPT_NOSIGNAL, 1L);
  // With this option, the thread of an abandoned name look-up runs on. Without it, libcurl waits for that thread (7.88.1,
  // lib/asyn-thread.c, Curl_resolver_kill), which stops the loop and all its requests: for 10 s and more if the DNS is dead.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  if (options_.total_timeout.count() > 0) set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_timeout.count()));
  // NAT gateways of AWS forget a connection after 350 s without a packet; a buffered invocation may be silent for 900 s.
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  if (!options_.through_proxy) set(CURLOPT_NOPROXY, "*");
}

void HttpTransfer::set_callbacks() {
  const auto on_header = +[](char* bytes, std::size_t size, std::size_t count, void* self) -> std::size_t {
    return static_cast<HttpTransfer*>(self)->take_header({bytes, size * count}) ? size * count : 0;
  };
  const auto on_body = +[](char* bytes, std::size_t size, std::size_t count, void* self) -> std::size_t {
    return static_cast<HttpTransfer*>(self)->take_body({bytes, size * count}) ? size * count : 0;
  };
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_READFUNCTION, &HttpTransfer::read_body);
  set(CURLOPT_READDATA, this);
  set(CURLOPT_SEEKFUNCTION, &HttpTransfer::seek_body);
  set(CURLOPT_SEEKDATA, this);
}

std::optional<HttpFailure> HttpTransfer::set_headers() {
  // For bodies over 1 MB, libcurl would send "Expect: 100-continue" and wait a second where the server does not know it.
  if (!options_.expect_continue) request_.headers.push_back({"Expect", ""});
  for (const HttpHeader& header : request_.headers) {
    if (has_line_break(header.name) || has_line_break(header.value)) {
      return HttpFailure{Kind::refused, "the header " + header.name.substr(0, header.name.find('\n')) + " holds a line break"};
    }
    // "name;" is libcurl's way to write a header without a value; "name:" takes the header out.
    const bool empty = header.value.empty() && header.name != "Expect";
    const std::string line = header.name + (empty ? ";" : ": " + header.value);
    curl_slist* longer = ::curl_slist_append(header_list_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(header_list_.release());
    header_list_.reset(longer);
  }
  set(CURLOPT_HTTPHEADER, header_list_.get());
  return std::nullopt;
}

std::optional<HttpFailure> HttpTransfer::set_method_and_body() {
  if (request_.method == "HEAD") set(CURLOPT_NOBODY, 1L);
  set(CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  if (request_.method != "PUT" && request_.method != "POST") return std::nullopt;
  auto size = static_cast<std::uintmax_t>(request_.body.size());
  if (!request_.body_file.empty()) {
    std::error_code failed;
    size = std::filesystem::file_size(request_.body_file, failed);
    file_.reset(std::fopen(request_.body_file.c_str(), "rbe"));
    if (failed || !file_) {
      return HttpFailure{Kind::refused, "cannot read " + request_.body_file.string() + ": " + std::strerror(errno)};
    }
  }
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
  return std::nullopt;
}

std::size_t HttpTransfer::read_body(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  transfer.last_sign_ = Clock::now();
  if (transfer.file_) {
    const std::size_t bytes = std::fread(buffer, 1, size * count, transfer.file_.get());
    return std::ferror(transfer.file_.get()) != 0 ? std::size_t{CURL_READFUNC_ABORT} : bytes;
  }
  const std::size_t bytes = std::min(size * count, transfer.request_.body.size() - transfer.sent_);
  std::memcpy(buffer, transfer.request_.body.data() + transfer.sent_, bytes);
  transfer.sent_ += bytes;
  return bytes;
}

int HttpTransfer::seek_body(void* self, curl_off_t offset, int origin) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
  if (transfer.file_) return ::fseeko(transfer.file_.get(), offset, SEEK_SET) == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
  transfer.sent_ = std::min(static_cast<std::size_t>(offset), transfer.request_.body.size());
  return CURL_SEEKFUNC_OK;
}

bool HttpTransfer::take_header(std::string_view line) {
  last_sign_ = Clock::now();
  if (line.starts_with("HTTP/")) {  // the last of these lines counts: "100 Continue" may come first
    const std::size_t blank = std::min(line.find(' ') + 1, line.size());
    response_.status = parse_number<int>(line.substr(blank, 3)).value_or(0);
    response_.headers.clear();
    return true;
  }
  HttpHeader header = parse_header(line);
  if (!header.name.empty()) response_.headers.push_back(std::move(header));
  return true;
}

bool HttpTransfer::take_body(std::string_view bytes) {
  last_sign_ = Clock::now();
  const bool success = response_.status >= 200 && response_.status < 300;
  if (success && options_.on_body) {
    if (!options_.on_body(bytes)) refused_body_ = Kind::stopped;
  } else if (response_.body.size() + bytes.size() > options_.max_body_bytes) {
    refused_body_ = Kind::too_large;
  } else {
    response_.body += bytes;
  }
  return !refused_body_;
}

HttpTransfer::Clock::time_point HttpTransfer::silent_at() const {
  return options_.silence_timeout.count() == 0 ? Clock::time_point::max() : last_sign_ + options_.silence_timeout;
}

HttpFailure HttpTransfer::silence() const {
  return {was_sent() ? Kind::silent : Kind::unreachable, std::string(authority_of(request_.origin)) + ": not a byte for " +
                                                             std::to_string(options_.silence_timeout.count()) + " ms"};
}

bool HttpTransfer::was_sent() const {
  curl_off_t ready = 0;  // when the connection could take the request; 0 if it never could
  ::curl_easy_getinfo(handle_.get(), CURLINFO_PRETRANSFER_TIME_T, &ready);
  return ready > 0;
}

HttpResult<HttpResponse> HttpTransfer::result(CURLcode code) {
  if (code == CURLE_OK) return std::move(response_);
  const std::string host(authority_of(request_.origin));
  if (refused_body_ == Kind::stopped) return HttpFailure{Kind::stopped, "the answer of " + host + " was not taken to its end"};
  if (refused_body_) {
    return HttpFailure{Kind::too_large,
                       "the answer of " + host + " is longer than " + std::to_string(options_.max_body_bytes) + " bytes"};
  }
  if (code == CURLE_ABORTED_BY_CALLBACK && file_) {
    return HttpFailure{Kind::refused, "cannot read " + request_.body_file.string()};
  }
  const char* reason = last_words_[0] != '\0' ? last_words_.data() : ::curl_easy_strerror(code);
  return HttpFailure{kind_of(code, was_sent()), host + ": " + reason};
}

}  // namespace orchestrator::aws
