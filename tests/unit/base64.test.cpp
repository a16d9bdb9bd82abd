#include "base/base64.hpp"

#include "capture/png_picture.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;

namespace {

std::string decoded(std::string_view text) {
  const auto bytes = decode_base64(text);
  if (!bytes) return "invalid";
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

}  // namespace

TEST_CASE("base64: the examples of RFC 4648 decode", "[capture]") {
  CHECK(decoded("").empty());
  CHECK(decoded("Zg==") == "f");
  CHECK(decoded("Zm8=") == "fo");
  CHECK(decoded("Zm9v") == "foo");
  CHECK(decoded("Zm9vYmFy") == "foobar");
  CHECK(decoded("+/+/") == "\xfb\xff\xbf");
}

TEST_CASE("base64: what is encoded decodes to the same bytes", "[capture]") {
  CHECK(encode_base64("").empty());
  CHECK(encode_base64("f") == "Zg==");
  CHECK(encode_base64("foobar") == "Zm9vYmFy");
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    bytes += static_cast<char>(byte);
    CHECK(decoded(encode_base64(bytes)) == bytes);
  }
}

TEST_CASE("base64: anything else is refused", "[capture]") {
  for (const char* text : {"Z", "Zg", "Zm9v=", "====", "Zg==Zg==", "Zm9\n", "Zm9-", "Z===", "\xff\xff\xff\xff"}) {
    CAPTURE(text);
    CHECK(decoded(text) == "invalid");
  }
}

TEST_CASE("png picture: the same bytes are the same picture", "[capture]") {
  PngPicture picture;
  CHECK(picture.empty());
  CHECK_FALSE(picture.update(""));
  CHECK_FALSE(picture.update("not base64"));
  REQUIRE(picture.update("Zm9v"));
  const Frame first = picture.frame(5);
  CHECK(first.number == 5);
  CHECK_FALSE(first.unchanged);
  REQUIRE(picture.update("Zm9v"));
  CHECK(picture.frame(6).unchanged);
  REQUIRE(picture.update("YmFy"));
  CHECK_FALSE(picture.frame(7).unchanged);
  CHECK(first.bytes[0] == std::byte{'f'});  // still there: its buffer is held
  picture.forget();
  REQUIRE(picture.update("YmFy"));
  CHECK_FALSE(picture.frame(0).unchanged);
}
