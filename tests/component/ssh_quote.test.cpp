#include "ssh/ssh_command.hpp"

#include <orchestrator/worker/child_process.hpp>

#include "support/await.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// What /bin/sh makes of a command line.
std::string shell(const std::string& command) {
  auto output = await(run_program({.argv = {"/bin/sh", "-c", command}}));
  REQUIRE(output.has_value());
  return output->output;
}

std::string random_word(std::mt19937& random) {
  constexpr std::string_view nasty = "'\"\\$`!*?[]{}()<>|&;#~ \t\n\r=%^-a0\x01\x7f\xc3\xa9";
  std::string word;
  for (auto size = random() % 24; word.size() < size;) word += nasty[random() % nasty.size()];
  return word;
}

}  // namespace

TEST_CASE("ssh command: a quoted word reaches a shell as it is, whatever it holds", "[ssh]") {
  std::mt19937 random(7);
  std::string command = "printf '%s\\0'";
  std::string expected;
  for (int i = 0; i < 2'000; ++i) {
    const std::string word = random_word(random);
    command += " " + shell_quote(word);
    expected += word + '\0';
  }
  CHECK(shell(command) == expected);
}

TEST_CASE("ssh command: a script gets its arguments through two shells as they are", "[ssh]") {
  std::mt19937 random(8);
  for (int i = 0; i < 100; ++i) {
    const std::string word = random_word(random);
    CHECK(shell(shell_script(R"(printf "%s|" "$1" "$2")", {word, "end"})) == word + "|end|");
  }
}
