#include "base/web_url.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>

using namespace orchestrator;

namespace {

using Split = std::pair<std::string, std::string>;  // URL and login

Split split(std::string url) {
  std::string login = take_login(url);
  return {std::move(url), std::move(login)};
}

}  // namespace

TEST_CASE("web URL: user and password are taken out, decoded", "[url]") {
  CHECK(split("http://user:pass@host/a") == Split("http://host/a", "user:pass"));
  CHECK(split("https://us%20er:p%40ss%3A@host:81/?b#c") == Split("https://host:81/?b#c", "us er:p@ss:"));
  CHECK(split("http://user@host") == Split("http://host", "user:"));
  CHECK(split("http://:pass@host/") == Split("http://host/", ":pass"));
  CHECK(split("http://a:b@c@host/") == Split("http://host/", "a:b@c"));
  CHECK(split("http://a:1%2@[::1]:8/") == Split("http://[::1]:8/", "a:1%2"));
}

TEST_CASE("web URL: what has no user stays as it is", "[url]") {
  for (const char* url :
       {"http://host/a@b", "http://host?a@b", "http://host#a@b", "http://host", "/home/me:x@y/a.html", "http://", ""}) {
    CHECK(split(url) == Split(url, ""));
  }
}
