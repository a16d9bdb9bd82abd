#include "orchestrator/number_arguments.hpp"
#include "base/rational.hpp"

#include <CLI/CLI.hpp>

#include <catch2/catch.hpp>

#include <utility>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::tool;

TEST_CASE("numbers: rates and times are exact", "[tool]") {
  const std::vector<std::pair<const char*, Rational>> rows{
      {"30", {30, 1}},        {"29.97", {2997, 100}}, {"30000/1001", {30'000, 1001}},
      {"0.5", {5, 10}},       {".5", {5, 10}},        {"-0.5", {-5, 10}},
      {"-1.25", {-125, 100}}, {"0", {0, 1}},          {"00", {0, 1}},
      {"1/0", {1, 0}},        {"-3/4", {-3, 4}},      {"1.000000001", {1'000'000'001, 1'000'000'000}},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    REQUIRE(parse_rational(text).has_value());
    CHECK(*parse_rational(text) == expected);
  }
}

TEST_CASE("numbers: what is no number is refused", "[tool]") {
  for (const char* text : {"", ".", "5.", "1e3", "+5", " 5", "5 ", "1.-5", "-", "-.5", "1/", "/1", "1/2/3", "1.5/2", "abc",
                           "1.0000000001", "99999999999", "0x10", "99999999999999999999/1"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rational(text).has_value());
  }
}

TEST_CASE("numbers: a frame range has two ends", "[tool]") {
  CHECK(parse_frames("0:300") == FrameRange{0, 300});
  CHECK(parse_frames("5:2") == FrameRange{5, 2});  // whether it is empty is for others to say
  for (const char* text : {"", ":", "5", "0:", ":5", "0:1:2", "a:b", "0-5", "0:1.5", "0: 5", "0:99999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_frames(text).has_value());
  }
}

TEST_CASE("numbers: settings are finite decimals", "[tool]") {
  CHECK(parse_finite("-1.5") == -1.5);
  CHECK(parse_finite("1e3") == 1000.0);
  for (const char* text : {"", "nan", "inf", "-inf", "1e999", "1,5", "5 ", "x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_finite(text).has_value());
  }
}

TEST_CASE("numbers: whole numbers of options are decimal, with or without leading zeros", "[tool]") {
  const auto parsed = [](const std::string& word) {
    CLI::App app;
    int number = -1;
    std::string text;
    app.add_option("--number", number);
    app.add_option("--text", text);
    read_decimal_numbers(app);
    app.parse("--text 010 --number " + word);
    CHECK(text == "010");
    return number;
  };
  CHECK(parsed("7") == 7);
  CHECK(parsed("-7") == -7);
  CHECK(parsed("010") == 10);
  CHECK(parsed("08") == 8);
  for (const char* word : {"0x10", "0b1", "abc", "1.5", "1e3", "99999999999"}) {
    CAPTURE(word);
    CHECK_THROWS_AS(parsed(word), CLI::ParseError);
  }
  CHECK_THROWS_WITH(parsed("0x10"), Catch::Contains("--number") && Catch::Contains("is '0x10', not a whole number"));
}
