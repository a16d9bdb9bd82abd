#include "base/sha256.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <new>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

// Hashing one block takes about 2 ms, which does not hold up the loop's other work.
constexpr std::size_t block_bytes = std::size_t{1} << 20;

}  // namespace

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) text += {digits[static_cast<unsigned char>(c) >> 4], digits[c & 15]};
  return text;
}

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) throw std::bad_alloc();
}

void Sha256::update(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

std::string Sha256::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context_.get(), sum.data(), &size);
  return hexadecimal({reinterpret_cast<const char*>(sum.data()), size});
}

bool is_sha256(std::string_view text) noexcept {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

asio::awaitable<Result<FileDigest>> digest_file(std::filesystem::path file) {
  std::ifstream stream(file, std::ios::binary);
  Sha256 sum;
  FileDigest digest;
  std::string block(block_bytes, '\0');
  while (stream) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    sum.update({block.data(), static_cast<std::size_t>(stream.gcount())});
    digest.bytes += stream.gcount();
    if (stream) co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  }
  if (!stream.eof()) co_return Error{.detail = "cannot read " + file.string()};
  digest.sha256 = sum.finish();
  co_return digest;
}

}  // namespace orchestrator
