#include "lambda/function/function_store.hpp"

namespace orchestrator::lambda {

namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_text = std::size_t{64} << 20;  // enough for a manifest of some 400,000 files
constexpr const char* sha256_name = "sha256";

/// Says that the function's role was used: the caller of the function has keys and a policy of its own.
Error of_role(const aws::AwsFailure& failure) {
  Error error = failure.error;
  error.detail = "in the function, with its role: " + error.detail;
  return error;
}

}  // namespace

aws::S3Location FunctionStore::location(const StorePlace& place, const aws::RetryRules& retry) {
  return {
      .region = place.region, .bucket = place.bucket, .endpoint = place.endpoint, .path_style = place.path_style, .retry = retry};
}

asio::awaitable<Result<std::string>> FunctionStore::read(std::string key) {
  auto text = co_await s3_.get(std::move(key), longest_text);
  if (!text) co_return of_role(text.error());
  co_return std::move(*text);
}

asio::awaitable<aws::AwsResult<void>> FunctionStore::fetch(std::string key, std::filesystem::path file, FileDigest expected) {
  auto fetched = co_await s3_.get_file(std::move(key), std::move(file), std::move(expected.sha256));
  if (fetched) co_return aws::AwsResult<void>{};
  aws::AwsFailure failure = fetched.error();
  failure.error = of_role(failure);
  co_return failure;
}

asio::awaitable<Result<bool>> FunctionStore::poll(std::string key) {
  auto object = co_await polls_.head(std::move(key));
  if (!object) co_return of_role(object.error());
  co_return object->has_value();
}

asio::awaitable<Result<FileDigest>> FunctionStore::put_once(std::string key, std::filesystem::path file,
                                                            const Container& container, FileDigest digest) {
  aws::S3PutOptions options{.only_if_absent = true, .content_type = std::string(container.media_type)};
  options.metadata.push_back({sha256_name, digest.sha256});
  auto put = co_await s3_.put_file(key, std::move(file), digest.sha256, std::move(options));
  if (!put) co_return of_role(put.error());
  if (*put == aws::S3Put::stored) co_return digest;
  auto object = co_await s3_.head(key);
  if (!object) co_return of_role(object.error());
  const bool known = object->has_value() && !aws::find_header((*object)->metadata, sha256_name).empty();
  if (known) co_return FileDigest{(*object)->bytes, std::string(aws::find_header((*object)->metadata, sha256_name))};
  co_return Error{.code = Errc::executor_unavailable,
                  .detail = "the object " + key + " was there already, but is no chunk of this function; remove it",
                  .stage = Stage::encode};
}

}  // namespace orchestrator::lambda
