#include "serve/local_paths.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {

std::string shown(std::string_view text) { return with_local_paths(text, "http://scene.localhost/", "/home/me/scene"); }

}  // namespace

TEST_CASE("local paths: a served URL is told as its file, wherever it stands in a text", "[local_paths]") {
  CHECK(shown("x is undefined (http://scene.localhost/js/main.js:12)") == "x is undefined (/home/me/scene/js/main.js:12)");
  CHECK(shown("http://scene.localhost/a%20b.js: gone, as http://scene.localhost/%C3%A9.css") ==
        "/home/me/scene/a b.js: gone, as /home/me/scene/\xc3\xa9.css");
  CHECK(shown("http://scene.localhost/a%3Fb.js?v=%31#x%20y") == "/home/me/scene/a?b.js?v=%31#x%20y");
  CHECK(with_local_paths("http://h/a", "http://h/", "/") == "/a");
}

TEST_CASE("local paths: every other text stays as it is", "[local_paths]") {
  for (const char* text : {"", "http://elsewhere/a%20b.js", "https://scene.localhost/a%20b.js", "http://scene.localhost"}) {
    CHECK(shown(text) == text);
  }
}

TEST_CASE("local paths: a page cannot smuggle control characters or broken UTF-8 into a message", "[local_paths]") {
  CHECK(shown("http://scene.localhost/%1b[31m%0Aok") == "/home/me/scene/%1b[31m%0Aok");
  CHECK(shown("http://scene.localhost/%zz") == "/home/me/scene/%zz");
  CHECK(shown("http://scene.localhost/%ff.js") == "/home/me/scene/?.js");
}
