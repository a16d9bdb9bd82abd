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

TEST_CASE("web URL: a login is left out of messages and hidden in texts that are kept, however it is written", "[url]") {
  struct Row {
    const char* given;
    const char* hidden;
  };
  for (const Row& row : {Row{"http://bob:s3cret@h/x", "http://***@h/x"}, Row{"HTTP://bob:s3cret@h/x", "HTTP://***@h/x"},
                         Row{"ftp://bob:s3cret@h/x", "ftp://***@h/x"}, Row{" http://bob:s3cret@h/x", " http://***@h/x"},
                         Row{"http://bob:s3#cr?et@h/x", "http://***@h/x"}, Row{"http://bob:s/3@cret@h/x", "http://***@h/x"},
                         Row{"http://bob@h:s3#cret@h/x", "http://***@h/x"}, Row{"http:///bob:s3cret@h/x", "http://***@h/x"},
                         Row{"http://bob:s3cret@h:80/a@b", "http://***@h:80/a@b"}}) {
    CHECK(with_hidden_login(row.given) == row.hidden);
    CHECK(has_hidden_login(row.hidden));
    std::string shown = row.hidden;
    CHECK(without_login(row.given) == shown.erase(shown.find("***@"), 4));
  }
}

TEST_CASE("web URL: an @ behind the host is no login, and no name of a file has one", "[url]") {
  for (const char* name : {"https://cdn.example/lib@1.2/a.html", "http://localhost:8000/a?to=me@b", "http://[::1]:80/#a@b",
                           "a:b@c", "/home/me:x@y/a.html", "file:///home/a@b.wav", "http://h", "http://", ""}) {
    CHECK(with_hidden_login(name) == name);
    CHECK(without_login(name) == name);
    CHECK_FALSE(has_hidden_login(name));
  }
}

TEST_CASE("web URL: a scheme may have capitals", "[url]") {
  CHECK(is_web_url("HTTP://h/A"));
  CHECK(is_web_url("Https://h/A"));
  CHECK(with_lower_scheme("Https://H/A") == "https://H/A");
  CHECK(split("HTTP://a:b@h/") == Split("HTTP://h/", "a:b"));
  CHECK(is_loopback_url("HTTP://LocalHost/"));
  for (const char* name : {"FTP://H/A", "HTTP:/H", "A/B", ""}) {
    CHECK_FALSE(is_web_url(name));
    CHECK(with_lower_scheme(name) == name);
  }
}

TEST_CASE("web URL: what names no server is said to be wrong, what may name one is not", "[url]") {
  CHECK(url_fault("http://127.0.0.1:99999/") == "its port is not 0 ... 65535");
  CHECK(url_fault("http://:80/") == "it names no host");
  CHECK(url_fault("http://a b/") == "its host has a letter that no host may have");
  CHECK(url_fault("http://bob:s3#cret@h/") ==
        "its port is not 0 ... 65535; in a user name and password, write / as %2F, # as %23 and ? as %3F");
  for (const char* url :
       {"http://h", "http://h:/", "http://h:65535?a", "http://a:b@[::1]:8000/x", "http://h ", "http://bücher.de/"})
    CHECK(url_fault(url) == "");
}

TEST_CASE("web URL: a server on this machine is known, which another one would look for on itself", "[url]") {
  for (const char* url :
       {"http://localhost:3000/a", "https://127.0.0.1", "http://[::1]:80/", "http://a.localhost/x", "http://u@localhost?"}) {
    CAPTURE(url);
    CHECK(is_loopback_url(url));
  }
  for (const char* url :
       {"/home/localhost/a.html", "http://example.com/localhost", "http://localhost.example.com", "http://1127.0.0.1/", ""}) {
    CAPTURE(url);
    CHECK_FALSE(is_loopback_url(url));
  }
}
