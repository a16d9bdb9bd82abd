#include "orchestrator/terminal_text.hpp"

#include <catch2/catch.hpp>

using orchestrator::tool::terminal_text;

TEST_CASE("terminal text: what people write stays", "[tool]") {
  CHECK(terminal_text("Fenster öffnen – 窓") == "Fenster öffnen – 窓");
}

TEST_CASE("terminal text: nothing drives the terminal", "[tool]") {
  CHECK(terminal_text("a\x1b]0;title\x07"
                      "b\x7f\r\t") == "a ]0;title b   ");
  CHECK(terminal_text("a\xC2\x9B"
                      "31m") == "a?31m");  // CSI as one C1 character
  CHECK(terminal_text("a\xff") == "a?");
}

TEST_CASE("terminal text: a line of a page's cannot pass for one of ours", "[tool]") {
  CHECK(terminal_text("oops\n{\"fraction\":1}") == "oops\n  | {\"fraction\":1}");
}
