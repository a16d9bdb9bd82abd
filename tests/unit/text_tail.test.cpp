#include "base/text_tail.hpp"
#include "support/contains.hpp"

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("text tail: short texts are kept whole, without their last line end", "[process]") {
  TextTail tail;
  CHECK(tail.text().empty());
  tail.append("one\n");
  tail.append("two\r\n\n");
  CHECK(tail.text() == "one\ntwo");
}

TEST_CASE("text tail: the last whole lines of a long text, at most 4 KiB", "[process]") {
  TextTail tail;
  for (int i = 0; i < 100'000; ++i) tail.append("line " + std::to_string(i) + "\n");
  const std::string text = tail.text();
  CHECK(text.size() <= 4096);
  CHECK(text.size() > 4000);
  CHECK(text.starts_with("line "));
  CHECK(text.ends_with("line 99999"));
}

TEST_CASE("text tail: the end of a line that is too long is better than nothing", "[process]") {
  TextTail tail;
  tail.append(std::string(20'000, 'a') + "end\n");
  CHECK(tail.text().size() > 4000);
  CHECK(tail.text().ends_with("aend"));
}

TEST_CASE("text tail: always UTF-8, wherever it was cut", "[process]") {
  for (std::size_t padding = 0; padding < 4; ++padding) {
    TextTail tail;
    std::string text(padding, 'x');
    for (int i = 0; i < 3000; ++i) text += "\xe2\x82\xac";  // three bytes each
    tail.append(text);
    CHECK(valid_utf8(tail.text()) == tail.text());
    CHECK(tail.text().ends_with("\xe2\x82\xac"));
  }
}

TEST_CASE("UTF-8: what is well-formed stays as it is", "[process]") {
  const std::vector<std::string> texts{"",
                                       "plain",
                                       std::string("\0", 1),
                                       "\x7f",
                                       "ä\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80\xef\xbf\xbf",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf"};
  for (const std::string& text : texts) CHECK(valid_utf8(text) == text);
}

TEST_CASE("UTF-8: every byte that is not part of a well-formed sequence becomes a question mark", "[process]") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"\x80", "?"},                 // a continuation without a beginning
      {"\xc3", "?"},                 // ends too early
      {"\xc3(", "?("},               // continued by something else
      {"\xc0\x80", "??"},            // overlong NUL
      {"\xc1\xbf", "??"},            // overlong
      {"\xe0\x9f\xbf", "???"},       // overlong
      {"\xed\xa0\x80", "???"},       // surrogate
      {"\xf0\x8f\xbf\xbf", "????"},  // overlong
      {"\xf4\x90\x80\x80", "????"},  // beyond U+10FFFF
      {"\xf5\x80\x80\x80", "????"},  // never a lead
      {"\xfe\xff", "??"},            // never anything
      {"\xe2\x82", "??"},            // two of three
      {"a\xf0\x9f\x98z\xc3\xa4", "a???zä"},
  };
  for (const auto& [text, expected] : rows) CHECK(valid_utf8(text) == expected);
}
