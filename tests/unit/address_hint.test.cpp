#include "base/address_hint.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

TEST_CASE("address hint: the path in a file URL, the scheme before a host, nothing else", "[base]") {
  CHECK(address_hint("file:///music/a.wav") == ": write the file's path, /music/a.wav");
  CHECK(address_hint("file:///music/a%20b%23.wav") == ": write the file's path, /music/a b#.wav");
  CHECK(address_hint("file:///music/100%.wav") == ": write the file's path, /music/100%.wav");
  CHECK(address_hint("file://localhost/a.wav") == ": write the file's path, /a.wav");
  CHECK(address_hint("file:/a.wav") == ": write the file's path, /a.wav");
  CHECK(address_hint("localhost:8000/a.wav") == ": if it is a URL, write http://localhost:8000/a.wav");
  CHECK(address_hint("www.example.com/a.wav") == ": if it is a URL, write http://www.example.com/a.wav");
  for (const char* name : {"", "a.wav", "/a/b.wav", "ftp://host/a.wav", "file.wav", "c:a.wav", ":80"})
    CHECK(address_hint(name) == "");
}
