#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/worker/file_digest.hpp>

#include <boost/asio/awaitable.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;  // EVP_MD_CTX of OpenSSL, whose headers only sha256.cpp includes

namespace orchestrator {

/// Writes each byte as two lower-case hexadecimal digits.
std::string hexadecimal(std::string_view bytes);

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  void update(std::string_view bytes);
  /// 64 lower-case hexadecimal digits. Ends the sum: nothing may be added afterwards.
  std::string finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

/// Whether `text` has the form that finish() returns, and so is safe in a file name or an object key.
bool is_sha256(std::string_view text) noexcept;

/// Reads the file in blocks and lets the loop do other things in between. Errors: Errc::internal, naming the file.
boost::asio::awaitable<Result<FileDigest>> digest_file(std::filesystem::path file);

}  // namespace orchestrator
