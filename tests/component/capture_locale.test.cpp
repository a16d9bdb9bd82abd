// A page's time zone and language: what the render says, not what the machine is set to.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// Says what each realm of the page finds: the document, a frame, a frame of another origin, a worker. Milliseconds, because
/// the page's clock must not matter.
const std::string telling_page = R"(<body><script>
  const probe = `[new Date(1.7e12).getHours(), new Date(1.7e12).toLocaleString(), (1234567.5).toLocaleString(),
    Intl.DateTimeFormat().resolvedOptions().timeZone, navigator.language, navigator.languages.join()].join('; ')`;
  const answers = [];
  window.orchestratorReady = new Promise((done) => {
    const take = (name, answer) => {
      console.log(`${name}: ${answer}`);
      if (answers.push(name) === 4) done();
    };
    take('document', eval(probe));
    onmessage = ({data}) => take(data[0], data[1]);
    const tell = (name) => `<script>parent.postMessage(['${name}', ${probe}], '*')<\/script>`;
    const frame = document.createElement('iframe');
    frame.srcdoc = tell('frame');
    const foreign = document.createElement('iframe');
    foreign.src = 'data:text/html,' + encodeURIComponent(tell('foreign'));
    document.body.append(frame, foreign);
    const worker = new Worker(URL.createObjectURL(new Blob([`postMessage(${probe})`])));
    worker.onmessage = ({data}) => take('worker', data);
  });
</script>)";

void check_told(const std::string& log, const std::string& answer) {
  CAPTURE(log);
  for (const char* realm : {"document: ", "frame: ", "foreign: ", "worker: "}) {
    CAPTURE(realm, answer);
    CHECK(contains(log, realm + answer));
  }
}

Error refusal(PageSettings settings) {
  Studio studio(CaptureMode::screenshot);
  const auto loaded = studio.load("static.html", {0, 1}, {}, std::move(settings));
  if (loaded) return {};
  CHECK(loaded.error().code == Errc::invalid_options);
  return loaded.error();
}

}  // namespace

TEST_CASE("locale: a page is in UTC and en-US, whatever the machine is set to", "[capture]") {
  const Variable zone("TZ", "Asia/Tokyo"), language("LANG", "de_DE.UTF-8"), languages("LANGUAGE", "de");
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio.load(studio.file("tells.html", telling_page), {0, 1}).has_value());
    check_told(studio.log(), "22; 11/14/2023, 10:13:20 PM; 1,234,567.5; UTC; en-US; en-US,en");
  }
}

TEST_CASE("locale: time zone and language are those of the render, in frames and workers, too", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode, "de-DE");
    const std::string page = studio.file("tells.html", telling_page);
    REQUIRE(studio.load(page, {0, 1}, {}, {.timezone = "Asia/Tokyo", .locale = "de-DE"}).has_value());
    check_told(studio.log(), "7; 15.11.2023, 07:13:20; 1.234.567,5; Asia/Tokyo; de-DE; de-DE,de");
    CHECK(studio.take(0).has_value());
  }
}

TEST_CASE("locale: the next page of the same browser has its own", "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("tells.html", telling_page);
    REQUIRE(studio.load(page, {0, 1}, {}, {.timezone = "America/New_York", .locale = "en-US"}).has_value());
    CHECK(contains(studio.log(), "document: 17; 11/14/2023, 5:13:20 PM; 1,234,567.5; America/New_York"));
    REQUIRE(studio.load(page, {0, 1}).has_value());
    check_told(studio.log(), "22; 11/14/2023, 10:13:20 PM; 1,234,567.5; UTC");
  }
}

TEST_CASE("locale: a name that Chromium does not know is refused by name, with a hint", "[capture]") {
  CHECK(contains(refusal({.timezone = "Mars/Phobos"}).detail, "page.timezone is 'Mars/Phobos'"));
  CHECK(contains(refusal({.timezone = "Mars/Phobos"}).detail, "Europe/Berlin"));
  CHECK(contains(refusal({.timezone = "Tokyo"}).detail, "'Asia/Tokyo' may be meant"));
  CHECK(contains(refusal({.timezone = "GMT+5"}).detail, "page.timezone is 'GMT+5'"));
  CHECK(contains(refusal({.locale = "tlh"}).detail, "page.locale is 'tlh'"));
  CHECK(contains(refusal({.locale = "german"}).detail, "page.locale is 'german'"));
  CHECK(contains(refusal({.locale = "de-de"}).detail, "write it 'de-DE'"));
  for (const char* zone : {"UTC", "asia/tokyo", "US/Pacific", "Etc/GMT-3", "EST5EDT", "America/Argentina/Buenos_Aires"}) {
    CAPTURE(zone);
    CHECK(refusal({.timezone = zone}).detail.empty());
  }
}
