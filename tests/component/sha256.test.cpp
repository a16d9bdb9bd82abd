#include "base/sha256.hpp"

#include "support/await.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

std::string sum_of(std::string_view bytes) {
  Sha256 sum;
  sum.update(bytes);
  return sum.finish();
}

}  // namespace

TEST_CASE("sha256: the published sums come out", "[sha256]") {  // FIPS 180-4, examples of NIST's CAVS
  CHECK(sum_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sum_of("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("sha256: a file of many blocks has the sum of its bytes, in pieces as in one", "[sha256]") {
  const TempDir dir;
  std::string bytes;
  for (int i = 0; i < 3'000'000; ++i) bytes += static_cast<char>(i * 31 % 251);
  write_file(dir.path() / "f", bytes);
  const auto digest = await(digest_file(dir.path() / "f"));
  REQUIRE(digest.has_value());
  CHECK(digest->bytes == 3'000'000);
  CHECK(digest->sha256 == sum_of(bytes));
  Sha256 pieces;
  for (std::size_t i = 0; i < bytes.size(); i += 7'777) pieces.update(std::string_view(bytes).substr(i, 7'777));
  CHECK(pieces.finish() == digest->sha256);
}

TEST_CASE("sha256: a file that cannot be read is named", "[sha256]") {
  const auto digest = await(digest_file("/nowhere/at/all"));
  REQUIRE_FALSE(digest.has_value());
  CHECK(digest.error().detail == "cannot read /nowhere/at/all");
}
