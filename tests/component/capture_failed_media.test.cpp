// A <video> or <audio> that cannot be played is told with its URL and the browser's reason.
#include "support/contains.hpp"
#include "support/counting_films.hpp"
#include "support/files.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode failed_media_backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

int times_told(std::string_view text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// A page beside no.mp4, which is a text.
std::string page_with_text_as_film(const Studio& studio, const std::string& html) {
  std::string page = studio.file("page.html", html);
  write_file(std::filesystem::path(page).parent_path() / "no.mp4", "this is no film");
  return page;
}

}  // namespace

TEST_CASE("failed media: a file that cannot be played is told with its URL and the reason", "[capture][media]") {
  for (const CaptureMode mode : failed_media_backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(studio
                .load(page_with_text_as_film(studio, R"(<video src="no.mp4?src"></video>
        <video><source src="no.mp4?one"><source src="no.mp4?two" type="video/nonsense"></video>
        <script>new Audio('no.mp4?audio')</script>)"),
                      {0, 2})
                .has_value());
    CAPTURE(studio.log());
    CHECK(times_told(studio.log(), " cannot be played: ") == 3);
    CHECK(contains(studio.log(), "no.mp4?src cannot be played: MEDIA_ERR_SRC_NOT_SUPPORTED (MediaError 4)"));
    CHECK(contains(studio.log(), "no.mp4?audio cannot be played: MEDIA_ERR_SRC_NOT_SUPPORTED (MediaError 4)"));
    CHECK(contains(studio.log(), "no.mp4?two cannot be played: none of its <source>"));
  }
}

TEST_CASE("failed media: a film that cannot be sought, because its server answers no requests for parts, is told",
          "[capture][media]") {
  const TempDir folder;
  make_counting_films("short30.mp4", folder.path());
  const HttpServer server({{"/page", {.body = "<video src=/film.mp4 autoplay muted></video>"}},
                           {"/film.mp4", {.type = "video/mp4", .body = read_file(folder / "short30.mp4")}}});
  for (const CaptureMode mode : failed_media_backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(error_of(studio.load(server.url("/page"), {0, 10})).empty());
    studio.pictures({0, 8});
    CAPTURE(studio.log());
    CHECK(times_told(studio.log(), "video " + server.url("/film.mp4") + " shows wrong pictures or sounds") == 1);
    CHECK(contains(studio.log(), "its server answers no requests for parts"));
  }
}

TEST_CASE("failed media: what the page takes back, replaces or does not load is not told", "[capture][media]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = page_with_text_as_film(studio, R"(<video src="no.mp4" preload="none"></video>
      <video><source src="no.mp4"><source src="short30.mp4"></video><script>
      const gone = document.createElement('video');
      gone.src = 'no.mp4';
      gone.src = '';
      const replaced = document.createElement('video');
      replaced.onerror = () => { replaced.onerror = null; replaced.src = 'short30.mp4'; };
      replaced.src = 'no.mp4';</script>)");
  make_counting_films("short30.mp4", std::filesystem::path(page).parent_path());
  const std::string url = studio.serve(page, [](const std::string&) { return std::chrono::milliseconds(0); });
  CHECK(error_of(studio.load(url, {0, 2}, {}, {.strict = true})).empty());
  const auto taken = studio.take(0);
  CHECK(taken.has_value());
  CHECK_FALSE(contains(studio.log(), "cannot be played"));
}

TEST_CASE("failed media: a strict render ends with the first that cannot be played", "[capture][media]") {
  Studio studio(CaptureMode::screenshot);
  const std::string page = page_with_text_as_film(studio, R"(<video src="no.mp4"></video>)");
  CHECK(contains(error_of(studio.load(page, {0, 2}, {}, {.strict = true})), "no.mp4 cannot be played: "));
}

TEST_CASE("failed media: a film that breaks while it plays is told, and holds nothing up", "[capture][media]") {
  for (const CaptureMode mode : failed_media_backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const std::string page = studio.file("page.html", R"(<video src="count24.mp4" autoplay muted></video><script>
        setTimeout(() => { document.querySelector('video').currentTime = 0; }, 2500);</script>)");
    const auto film = std::filesystem::path(page).parent_path() / "count24.mp4";
    make_counting_films("count24.mp4", film.parent_path());
    std::string bytes = read_file(film);
    const auto data = bytes.find("mdat");
    for (auto at = data + (bytes.find("moov") - data) / 2; at < bytes.find("moov"); ++at) bytes[at] = static_cast<char>(at * 37);
    write_file(film, bytes);
    REQUIRE(studio.load(page, {0, 90}).has_value());
    static_cast<void>(studio.pictures({0, 30, 60, 89}));
    CAPTURE(studio.log());
    CHECK(times_told(studio.log(), "count24.mp4 cannot be played: MEDIA_ERR_DECODE (MediaError 3)") == 1);
  }
}
