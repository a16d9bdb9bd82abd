#include "serve/picture_splitter.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {

std::string bmp(std::size_t size, char fill) {
  std::string bytes = "BM";
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(size >> shift & 0xff);
  return bytes + std::string(size - bytes.size(), fill);
}

std::string png_chunk(const std::string& type, const std::string& data) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(data.size() >> shift & 0xff);
  return bytes + type + data + "sum4";
}

const std::string png_signature_bytes = "\x89PNG\r\n\x1a\n";
const std::string png = png_signature_bytes + png_chunk("IHDR", "size of it") + png_chunk("IDAT", "IEND BM") +
                        png_chunk("IDAT", "") + png_chunk("IEND", "");

std::vector<std::string> all_of(PictureSplitter& splitter) {
  std::vector<std::string> pictures;
  while (auto picture = splitter.next()) pictures.push_back(std::move(*picture));
  return pictures;
}

std::string splitter_error(const std::string& bytes) {
  PictureSplitter splitter;
  const auto fed = splitter.feed(bytes);
  return fed ? "" : fed.error().detail;
}

}  // namespace

TEST_CASE("picture splitter: pictures come out as they went in, wherever the bytes are cut", "[videos]") {
  const std::vector<std::string> pictures{bmp(54, 'a'), png, bmp(70, 'B'), bmp(1000, 'M'), png, png};
  std::string stream;
  for (const std::string& picture : pictures) stream += picture;
  for (const std::size_t piece : {1U, 2U, 7U, 64U, 10'000U}) {
    CAPTURE(piece);
    PictureSplitter splitter;
    for (std::size_t at = 0; at < stream.size(); at += piece)
      REQUIRE(splitter.feed(std::string_view(stream).substr(at, piece)).has_value());
    CHECK_FALSE(splitter.amid_picture());
    CHECK(all_of(splitter) == pictures);
  }
}

TEST_CASE("picture splitter: half a picture is none", "[videos]") {
  for (const std::string& picture : {bmp(200, 'x'), png}) {
    PictureSplitter splitter;
    REQUIRE(splitter.feed(picture.substr(0, picture.size() - 1)).has_value());
    CHECK_FALSE(splitter.has_picture());
    CHECK(splitter.amid_picture());
    REQUIRE(splitter.feed(picture.substr(picture.size() - 1)).has_value());
    CHECK(all_of(splitter) == std::vector<std::string>{picture});
  }
}

TEST_CASE("picture splitter: what is no picture, and what is too large, is an error", "[videos]") {
  CHECK(splitter_error("GIF89a..") == "ffmpeg wrote what is neither BMP nor PNG");
  CHECK(splitter_error(bmp(54, 'a') + "no BM here") == "ffmpeg wrote what is neither BMP nor PNG");
  CHECK(splitter_error(std::string("BM\x08\0\0\0\0\0", 8)) == "ffmpeg wrote a BMP without a header");
  CHECK(splitter_error("BM\xff\xff\xff\xff..") == "ffmpeg wrote a picture of more than 256 MiB");
  CHECK(splitter_error(png_signature_bytes + "\xff\xff\xff\xffIDAT") == "ffmpeg wrote a picture of more than 256 MiB");
}
