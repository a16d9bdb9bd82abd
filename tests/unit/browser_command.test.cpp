#include "capture/browser_command.hpp"

#include "capture/display.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

using namespace orchestrator;

namespace {

bool has(const std::vector<std::string>& arguments, const std::string& argument) {
  return std::find(arguments.begin(), arguments.end(), argument) != arguments.end();
}

bool has_name(const std::vector<std::string>& arguments, const std::string& name) {
  return std::any_of(arguments.begin(), arguments.end(), [&](const auto& argument) { return argument.starts_with(name); });
}

BrowserCommand command(BrowserKind kind) {
  return {.kind = kind, .program = "/usr/bin/chromium", .profile = "/tmp/p", .width = 1280, .height = 720};
}

}  // namespace

TEST_CASE("browser command: each backend gets the window it needs", "[capture]") {
  const auto shown = browser_arguments(command(BrowserKind::on_display));
  CHECK(has(shown, "--window-size=1281,721"));  // a window's page is one pixel short in each direction
  CHECK(has(shown, "--disable-frame-rate-limit"));
  CHECK_FALSE(has_name(shown, "--headless"));
  const auto by_frame = browser_arguments(command(BrowserKind::by_begin_frame));
  CHECK(has(by_frame, "--window-size=1280,720"));
  CHECK(has(by_frame, "--enable-begin-frame-control"));
  CHECK_FALSE(has(browser_arguments(command(BrowserKind::headless)), "--enable-begin-frame-control"));
}

TEST_CASE("browser command: the full browser runs headless only when told to", "[capture]") {
  auto full = command(BrowserKind::headless);
  full.full_browser = true;
  CHECK(has(browser_arguments(full), "--headless=new"));
  CHECK_FALSE(has_name(browser_arguments(command(BrowserKind::headless)), "--headless"));
}

TEST_CASE("browser command: the sandbox is given up by root only, and the web's rules by nobody", "[capture]") {
  for (const auto kind : {BrowserKind::on_display, BrowserKind::by_begin_frame, BrowserKind::headless}) {
    auto launched = command(kind);
    CHECK_FALSE(has(browser_arguments(launched), "--no-sandbox"));
    CHECK_FALSE(has(browser_arguments(launched), "--disable-web-security"));
    launched.sandbox = false;
    CHECK(has(browser_arguments(launched), "--no-sandbox"));
  }
}

TEST_CASE("browser command: what depends on the machine and the composition is passed on", "[capture]") {
  auto launched = command(BrowserKind::headless);
  CHECK(has(browser_arguments(launched), "--user-data-dir=/tmp/p"));
  CHECK_FALSE(has_name(browser_arguments(launched), "--host-resolver-rules"));
  CHECK(has(browser_arguments(launched), "--accept-lang=en-US,en"));
  launched.locale = "zh-Hant-TW-u-nu-hanidec";
  CHECK(has(browser_arguments(launched), "--lang=zh-Hant-TW-u-nu-hanidec"));
  CHECK(has(browser_arguments(launched), "--accept-lang=zh-Hant-TW,zh"));
  launched.host_resolver_rules = "MAP composition.test 127.0.0.1:9";
  launched.small_shared_memory = true;
  CHECK(has(browser_arguments(launched), "--host-resolver-rules=MAP composition.test 127.0.0.1:9"));
  CHECK(has(browser_arguments(launched), "--disable-dev-shm-usage"));
}

TEST_CASE("xauthority: one cookie for every display", "[capture]") {
  const std::string expected(
      "\xff\xff\0\0\0\0\0\x12MIT-MAGIC-COOKIE-1\0\x03"
      "abc",
      31);
  CHECK(xauthority_file("abc") == expected);
}
