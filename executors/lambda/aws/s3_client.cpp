#include "lambda/aws/s3_client.hpp"

#include "base/base64.hpp"
#include "lambda/aws/download.hpp"
#include "lambda/aws/s3_messages.hpp"
#include "lambda/aws/uri.hpp"

#include <boost/asio/use_awaitable.hpp>

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace orchestrator::aws {

namespace asio = boost::asio;

namespace {

constexpr std::size_t delete_batch = 1000;  // S3 API Reference, DeleteObjects

/// What a policy has to grant. Without s3:ListBucket, S3 answers 403 instead of 404 for a missing object (GetObject,
/// "Permissions").
std::string permission_for(std::string_view method) {
  if (method == "PUT") return "s3:PutObject";
  return method == "HEAD" ? "s3:GetObject, and s3:ListBucket on the bucket" : "s3:GetObject";
}

/// Content-MD5, which DeleteObjects demands (RFC 1864).
std::string content_md5(std::string_view body) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  EVP_Digest(body.data(), body.size(), sum.data(), &size, EVP_md5(), nullptr);
  return encode_base64({reinterpret_cast<const char*>(sum.data()), size});
}

/// Whether a HEAD failed for an unknown reason. Its refusal has no body and so no name for the error: a wrong clock and expired
/// keys look like a missing permission, throttling like an outage. A GET of one byte is refused for the same reason and names it,
/// so that the sender can correct it as for every other request. If it succeeds instead, its headers say what the HEAD asked for.
bool is_unexplained(const AwsFailure& failure) {
  return failure.name.empty() && (failure.status == 400 || failure.status == 403 || failure.retry == RetryClass::transient);
}

}  // namespace

S3Client::S3Client(HttpClient& http, CredentialSource& credentials, RetryBudget& budget, S3Location location)
    : location_(std::move(location)), sender_(http, credentials, budget, s3_scope(location_.region, {})) {}

AwsCall S3Client::call(std::string method, const std::string& key) const {
  const S3Address address = s3_address(location_, key);
  AwsCall call{.payload_sha256 = sha256_of(""),
               .what = "cannot " + method + " s3://" + location_.bucket + "/" + key,
               .permission = permission_for(method),
               .rules = location_.retry};
  call.request = {.method = std::move(method), .origin = address.origin, .path = address.path};
  return call;
}

AwsCall S3Client::put_call(const std::string& key, std::string sha256, const S3PutOptions& options) const {
  AwsCall put = call("PUT", key);
  put.payload_sha256 = std::move(sha256);
  put.request.headers.push_back({"Content-Type", options.content_type});
  if (options.only_if_absent) put.request.headers.push_back({"If-None-Match", "*"});
  for (const HttpHeader& entry : options.metadata) put.request.headers.push_back({"x-amz-meta-" + entry.name, entry.value});
  put.options.expect_continue = true;  // so that a refusal comes before the body is sent, not as a broken connection
  return put;
}

asio::awaitable<AwsResult<S3Put>> S3Client::send_put(AwsCall call, bool only_if_absent) {
  const auto answer = co_await sender_.send(std::move(call));
  if (answer) co_return S3Put::stored;
  if (only_if_absent && answer.error().status == 412) co_return S3Put::was_there;
  co_return answer.error();
}

asio::awaitable<AwsResult<S3Put>> S3Client::put(std::string key, std::string bytes, S3PutOptions options) {
  AwsCall put = put_call(key, sha256_of(bytes), options);
  put.request.body = std::move(bytes);
  co_return co_await send_put(std::move(put), options.only_if_absent);
}

asio::awaitable<AwsResult<S3Put>> S3Client::put_file(std::string key, std::filesystem::path file, std::string sha256,
                                                     S3PutOptions options) {
  AwsCall put = put_call(key, std::move(sha256), options);
  put.request.body_file = std::move(file);
  co_return co_await send_put(std::move(put), options.only_if_absent);
}

asio::awaitable<AwsResult<std::string>> S3Client::get(std::string key, std::size_t max_bytes) {
  AwsCall get = call("GET", key);
  get.options.max_body_bytes = max_bytes;
  auto answer = co_await sender_.send(std::move(get));
  if (!answer) co_return answer.error();
  co_return std::move(answer->body);
}

asio::awaitable<AwsResult<FileDigest>> S3Client::get_file(std::string key, std::filesystem::path file, std::string sha256) {
  Download download(std::move(file));
  AwsCall get = call("GET", key);
  const std::string what = get.what;
  get.on_attempt = [&download] { download.restart(); };
  get.options.on_body = [&download](std::string_view bytes) { return download.write(bytes); };
  const auto answer = co_await sender_.send(std::move(get));
  if (!answer && !download.error()) co_return answer.error();
  const FileDigest digest = download.finish();
  if (auto failed = download.error()) co_return AwsFailure{.error = *failed};
  if (!sha256.empty() && digest.sha256 != sha256) {
    co_return AwsFailure{.error = {.code = Errc::protocol_error,
                                   .detail = what + ": its SHA-256 is " + digest.sha256 + ", not " + sha256 +
                                             "; remove the object, so that it is made again",
                                   .stage = Stage::start}};
  }
  download.keep();
  co_return digest;
}

asio::awaitable<AwsResult<std::optional<S3Object>>> S3Client::head(std::string key) {
  AwsCall head = call("HEAD", key);
  head.rules.attempts = 1;  // a failure that only a GET explains is not worth another HEAD
  AwsCall first_byte = call("GET", key);
  first_byte.what = head.what;
  first_byte.permission = head.permission;
  first_byte.request.headers.push_back({"Range", "bytes=0-0"});
  auto answer = co_await sender_.send(std::move(head));
  if (!answer && is_unexplained(answer.error())) {
    answer = co_await sender_.send(std::move(first_byte));
    if (!answer && answer.error().status == 416)
      co_return std::optional<S3Object>(S3Object{.key = std::move(key)});  // an empty object has no first byte
  }
  if (!answer && answer.error().status == 404) co_return std::optional<S3Object>{};
  if (!answer) co_return answer.error();
  S3Object object{.key = std::move(key), .bytes = object_bytes(answer->headers), .metadata = metadata_of(answer->headers)};
  co_return std::optional<S3Object>(std::move(object));
}

asio::awaitable<AwsResult<void>> S3Client::remove_all(std::vector<std::string> keys) {
  for (std::size_t first = 0; first < keys.size(); first += delete_batch) {
    const std::size_t last = std::min(first + delete_batch, keys.size());
    std::vector<std::string> batch(keys.begin() + static_cast<std::ptrdiff_t>(first),
                                   keys.begin() + static_cast<std::ptrdiff_t>(last));
    const auto removed = co_await remove_batch(std::move(batch));
    if (!removed) co_return removed.error();
  }
  co_return AwsResult<void>{};
}

asio::awaitable<AwsResult<void>> S3Client::remove_batch(std::vector<std::string> keys) {
  AwsCall remove = call("POST", "");
  const std::string what = "cannot delete " + std::to_string(keys.size()) + " objects of s3://" + location_.bucket;
  remove.what = what;
  remove.permission = "s3:DeleteObject";
  remove.request.query = "delete=";
  remove.request.body = delete_request(keys);
  remove.payload_sha256 = sha256_of(remove.request.body);
  remove.request.headers.push_back({"Content-Type", "application/xml"});
  remove.request.headers.push_back({"Content-MD5", content_md5(remove.request.body)});
  const auto answer = co_await sender_.send(std::move(remove));
  if (!answer) co_return answer.error();
  const std::string refused = first_delete_error(answer->body);
  if (refused.empty()) co_return AwsResult<void>{};
  co_return AwsFailure{.error = {.code = Errc::invalid_options,
                                 .detail = what + ": " + refused + "; the credentials need s3:DeleteObject",
                                 .stage = Stage::start}};
}

asio::awaitable<AwsResult<std::vector<S3Object>>> S3Client::list(std::string prefix) {
  std::vector<S3Object> objects;
  for (std::string token; true;) {
    AwsCall list = call("GET", "");
    list.what = "cannot list s3://" + location_.bucket + "/" + prefix;
    list.permission = "s3:ListBucket";
    list.request.query = "encoding-type=url&list-type=2&prefix=" + uri_encode(prefix);
    if (!token.empty()) list.request.query += "&continuation-token=" + uri_encode(token);
    const auto answer = co_await sender_.send(std::move(list));
    if (!answer) co_return answer.error();
    S3Page page = parse_list(answer->body);
    std::move(page.objects.begin(), page.objects.end(), std::back_inserter(objects));
    token = std::move(page.next);
    if (token.empty()) co_return objects;
  }
}

}  // namespace orchestrator::aws
