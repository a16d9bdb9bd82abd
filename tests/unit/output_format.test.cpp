#include "media/output_format.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

TEST_CASE("output format: a film's container is known by its extension, in upper or lower case", "[media]") {
  for (const char* film : {"film.mp4", "FILM.MP4", "/a.b/c.d.Mp4"}) {
    CAPTURE(film);
    REQUIRE(find_container(film) != nullptr);
    CHECK(find_container(film)->media_type == "video/mp4");
  }
  for (const char* film : {"", "film", "mp4", ".mp4", "film.mp", "film.mp44", "film.mp4/x"}) {
    CAPTURE(film);
    CHECK(find_container(film) == nullptr);
  }
  CHECK(container_names() == ".mp4");
}

TEST_CASE("output format: every codec and pixel format has a chunk format that can be read back", "[media]") {
  for (const Codec& codec : codecs()) {
    for (const PixelFormat& pixels : codec.pixel_formats) {
      CAPTURE(codec.name, pixels.name);
      const ChunkFormat format = chunk_format({.codec = std::string(codec.name), .pixel_format = std::string(pixels.name)});
      CHECK(&format.codec == &codec);
      CHECK(&format.pixels == &pixels);
      CHECK(find_container("chunk" + std::string(format.container.extension)) == &format.container);
      CHECK(format.container.demuxers.find(format.container.muxer) != std::string_view::npos);
    }
  }
}
