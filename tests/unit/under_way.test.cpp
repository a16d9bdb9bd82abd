#include "page/under_way.hpp"

#include <catch2/catch.hpp>

using orchestrator::is_awaited;
using orchestrator::UnderWay;
using namespace std::chrono_literals;

namespace {

const UnderWay::Clock::time_point start{};

UnderWay::Request image(const char* url, const char* frame = "page") {
  return {.type = "Image", .url = url, .frame = frame, .since = start, .awaited = true};
}

}  // namespace

TEST_CASE("under way: quiet again when everything that began has ended", "[page]") {
  UnderWay under_way;
  under_way.request_begins("1", image("http://a/1.png"));
  under_way.frame_begins("child", "http://a/child.html", start);
  CHECK_FALSE(under_way.quiet());
  CHECK(under_way.describe() == "Image http://a/1.png, frame http://a/child.html");
  under_way.request_ends("1");
  under_way.request_ends("unknown");
  CHECK_FALSE(under_way.quiet());
  under_way.frame_ends("child");
  CHECK(under_way.quiet());
}

TEST_CASE("under way: others' servers are given up after 5 s, for that URL and for good; own files are not", "[page]") {
  UnderWay under_way;
  under_way.request_begins("1", image("http://a/1.png?n=1"));
  under_way.request_begins("2", image("http://composition.localhost/2.png"));
  CHECK(under_way.limit() == start + 5s);
  CHECK(under_way.give_up(start + 4s).empty());
  CHECK(under_way.give_up(start + 5s) == std::vector<std::string>{"Image http://a/1.png?n=1"});
  under_way.request_begins("3", image("http://a/1.png?n=2"));
  CHECK(under_way.describe() == "Image http://composition.localhost/2.png");
  CHECK(under_way.give_up(start + 1h).empty());
  CHECK_FALSE(under_way.quiet());
}

TEST_CASE("under way: a frame is given up with the request that it waits for, or after 5 s without any", "[page]") {
  UnderWay under_way;
  under_way.frame_begins("child", "http://a/child.html", start + 1h);
  under_way.request_begins("1", image("http://a/1.png", "child"));
  CHECK(under_way.give_up(start + 5s) == std::vector<std::string>{"Image http://a/1.png"});
  CHECK(under_way.quiet());
  under_way.frame_begins("other", "about:srcdoc", start);
  CHECK(under_way.give_up(start + 5s) == std::vector<std::string>{"frame about:srcdoc"});
  CHECK(under_way.quiet());
}

TEST_CASE("under way: what the page does not wait for by itself is told", "[page]") {
  UnderWay under_way;
  under_way.request_begins("1", image("http://a/1.png"));
  under_way.note_what_begins();
  CHECK_FALSE(under_way.went_on({}));
  under_way.request_begins("2", image("http://a/2.png"));
  under_way.request_begins("2", image("http://a/redirected.png"));
  under_way.request_begins("3", image("data:image/png;base64,"));
  CHECK(under_way.went_on({"http://a/1.png"}));
  CHECK_FALSE(under_way.went_on({"http://a/1.png", "http://a/2.png"}));
}

TEST_CASE("under way: what a frame needs to load is covered by the wait for the frame", "[page]") {
  UnderWay under_way;
  under_way.frame_comes("child", "page");
  under_way.frame_begins("child", "http://a/child.html", start);
  under_way.request_begins("1", image("http://a/1.png", "child"));
  under_way.frame_comes("grandchild", "child");
  under_way.frame_begins("grandchild", "http://a/grandchild.html", start);
  CHECK(under_way.went_on({}));
  CHECK_FALSE(under_way.went_on({"http://a/child.html"}));
}

TEST_CASE("under way: requests without an end, or whose end the page is not told, are not awaited", "[page]") {
  for (const char* type : {"Image", "Script", "Stylesheet", "Font", "Document", "Other", "TextTrack"}) {
    CHECK(is_awaited(type, "loader"));
  }
  for (const char* type : {"WebSocket", "EventSource", "Ping", "Media", "Fetch"}) CHECK_FALSE(is_awaited(type, "loader"));
  CHECK_FALSE(is_awaited("Script", ""));
}

TEST_CASE("under way: what a document that is gone began is not waited for", "[page]") {
  UnderWay under_way;
  under_way.request_begins("1",
                           {.type = "Other", .url = "http://a/favicon.ico", .frame = "page", .loader = "old", .awaited = true});
  under_way.request_begins("2",
                           {.type = "Image", .url = "http://a/1.png", .frame = "child", .loader = "old child", .awaited = true});
  under_way.request_begins("3",
                           {.type = "Document", .url = "http://a/b.html", .frame = "page", .loader = "new", .awaited = true});
  under_way.document_comes("page", "new");
  CHECK(under_way.describe() == "Image http://a/1.png, Document http://a/b.html");
  under_way.document_comes("child", "new child");
  CHECK(under_way.describe() == "Document http://a/b.html");
}
