#include "serve/picture_request.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;

namespace {

std::string request_error(const std::string& query) {
  const auto request = parse_picture_request("/proxy" + query);
  return request ? "" : request.error().detail;
}

const std::string other_fields = "&transparent=false&toneMapped=true";

}  // namespace

TEST_CASE("picture request: what Remotion's page asks for", "[videos]") {
  const auto request = parse_picture_request(
      "/proxy?src=http%3A%2F%2Fcomposition.localhost%2Fpublic%2Fa%2520b%26c.mp4%3Fv%3D1&time=1.0333333333333334&transparent=true"
      "&toneMapped=false");
  REQUIRE(request.has_value());
  CHECK(request->source == "http://composition.localhost/public/a%20b&c.mp4?v=1");
  CHECK(request->time_s == 1.0333333333333334);
  CHECK(request->transparent);
}

TEST_CASE("picture request: the order is free, numbers may have exponents, and more fields are no harm", "[videos]") {
  const auto request = parse_picture_request("/proxy?toneMapped=true&x&time=1e-7&&transparent=false&src=a+b&y=1#z=%");
  REQUIRE(request.has_value());
  CHECK(request->source == "a b");
  CHECK(request->time_s == 1e-7);
  CHECK_FALSE(request->transparent);
}

TEST_CASE("picture request: what is missing or wrong is named", "[videos]") {
  for (const char* none : {"", "?", "#?src=a&time=0", "?time=0", "?src=&time=0", "?xsrc=a"})
    CHECK(request_error(none + other_fields) == "the request's src is missing");
  CHECK(request_error("?src=a" + other_fields) == "the request's time is missing");
  for (const char* time : {"", "x", "1s", "nan", "inf", "-inf", "1,5", "0x1p3", "1e10", "%31%00"}) {
    CAPTURE(time);
    CHECK(request_error("?src=a&time=" + std::string(time) + other_fields) == "the request's time is no number of seconds");
  }
  CHECK(request_error("?src=a&time=0&toneMapped=true") == "the request's transparent is neither true nor false");
  CHECK(request_error("?src=a&time=0&transparent=1") == "the request's transparent is neither true nor false");
  CHECK(request_error("?src=%4&time=0" + other_fields) == "the request's query has a % without two hexadecimal digits");
}

TEST_CASE("picture request: /proxy, and nothing like it", "[videos]") {
  for (const char* target : {"/proxy", "/proxy?src=a", "/proxy#x"}) CHECK(is_picture_target(target));
  for (const char* target : {"/", "", "/proxy/", "/proxyx?src=a", "//proxy", "/a/proxy", "/%70roxy", "http://localhost/proxy"}) {
    CAPTURE(target);
    CHECK_FALSE(is_picture_target(target));
  }
}
