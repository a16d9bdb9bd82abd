#include "cdp/cdp_message.hpp"

#include "cdp/cdp_fields.hpp"
#include "cdp/cdp_splitter.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <vector>

using namespace orchestrator;

namespace {

Result<CdpMessage> parse(std::string json) { return parse_cdp_message(json); }

/// Feeds `bytes` in pieces and returns the messages that come out.
std::vector<std::string> split(std::string_view bytes, std::size_t piece) {
  CdpSplitter splitter;
  std::vector<std::string> messages;
  std::string message;
  while (!bytes.empty()) {
    const auto room = splitter.room();
    const std::size_t size = std::min({piece, bytes.size(), room.size()});
    std::copy_n(bytes.begin(), size, room.begin());
    splitter.commit(size);
    bytes.remove_prefix(size);
    while (splitter.next(message)) messages.push_back(message);
  }
  return messages;
}

}  // namespace

TEST_CASE("cdp message: a reply has its id and its result as it stands", "[cdp]") {
  const auto reply = parse(R"({"id":7,"result":{"frameId":"F","nested":{"a":[1,{}]}},"sessionId":"S"})");
  REQUIRE(reply.has_value());
  CHECK(reply->id == 7);
  CHECK(reply->session_id == "S");
  CHECK(reply->body == R"({"frameId":"F","nested":{"a":[1,{}]}})");
  CHECK_FALSE(reply->error);
}

TEST_CASE("cdp message: an event has its method and its params", "[cdp]") {
  const auto event = parse(R"({"method":"Page.frameNavigated","params":{"frame":{"id":"1"}}})");
  REQUIRE(event.has_value());
  CHECK_FALSE(event->id);
  CHECK(event->method == "Page.frameNavigated");
  CHECK(event->session_id.empty());
  CHECK(event->body == R"({"frame":{"id":"1"}})");
}

TEST_CASE("cdp message: a failed call says why", "[cdp]") {
  const auto reply = parse(R"({"id":1,"error":{"code":-32000,"message":"Cannot find context"}})");
  REQUIRE(reply.has_value());
  CHECK(reply->error == "Cannot find context");
  CHECK(parse(R"({"id":1,"error":{}})")->error == "error without a message");
}

TEST_CASE("cdp message: what is no message is an error and nothing worse", "[cdp]") {
  for (const char* text : {"", "{", "[]", "null", "7", "\"id\"", "{}", R"({"id":"1"})", R"({"id":1.5})", R"({"method":1})",
                           R"({"id":1,"result":[]})", R"({"id":1,"result":{"a":})", R"({"result":{}})", "\xff\xfe",
                           R"({"method":"\ud800"})", R"({"id":99999999999999999999})"}) {
    CAPTURE(text);
    const auto message = parse(text);
    REQUIRE_FALSE(message.has_value());
    CHECK(message.error().code == Errc::protocol_error);
    CHECK_FALSE(message.error().detail.empty());
  }
}

TEST_CASE("cdp splitter: messages come out whole however the bytes arrive", "[cdp]") {
  const std::string large(600'000, 'x');
  const std::vector<std::string> sent{"{}", large, "", "{\"id\":1}", large};
  std::string bytes;
  for (const auto& message : sent) bytes.append(message).push_back('\0');
  for (const std::size_t piece : {std::size_t{1'000}, std::size_t{65'536}, bytes.size()}) {
    CAPTURE(piece);
    CHECK(split(bytes, piece) == sent);
  }
  CHECK(split("{\"unfinished\":", 3).empty());
}

TEST_CASE("cdp fields: a field is read where it is, and nothing where it is not", "[cdp]") {
  const std::string json = R"({"result":{"value":{"contract":"renderFrame","frames":300.0,"flag":true}},"list":[{"url":"u"}]})";
  CHECK(cdp_text(json, "/result/value/contract") == "renderFrame");
  CHECK(cdp_integer(json, "/result/value/frames") == 300);
  CHECK(cdp_flag(json, "/result/value/flag") == true);
  CHECK(cdp_text(json, "/list/0/url") == "u");
  CHECK(cdp_json(json, "/list/0") == R"({"url":"u"})");
  CHECK(cdp_has(json, "/result/value"));
  CHECK_FALSE(cdp_has(json, "/result/other"));
  CHECK_FALSE(cdp_text(json, "/result/value/frames"));
  CHECK_FALSE(cdp_integer(json, "/result/value/contract"));
  CHECK_FALSE(cdp_integer(R"({"n":1e300})", "/n"));
  CHECK_FALSE(cdp_text("no json", "/a"));
}

TEST_CASE("cdp fields: the texts of an object are read in its order", "[cdp]") {
  using Texts = std::vector<std::pair<std::string, std::string>>;
  CHECK(cdp_texts(R"({"a":{"B":"1","n":7,"c\u0041":"x\ny"}})", "/a") == Texts{{"B", "1"}, {"cA", "x\ny"}});
  CHECK(cdp_texts(R"({"a":[]})", "/a").empty());
  CHECK(cdp_texts("{}", "/a").empty());
  CHECK(cdp_texts("no json", "/a").empty());
}

TEST_CASE("cdp fields: quoting makes JSON of any bytes", "[cdp]") {
  CHECK(cdp_quote("a\"b\\c\n") == R"("a\"b\\c\n")");
  CHECK(cdp_quote("\xff") == "\"?\"");
  CHECK(cdp_quote("</script>\xE2\x80\xA8") == "\"</script>\xE2\x80\xA8\"");
}
