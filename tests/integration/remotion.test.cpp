// A bundle that Remotion's own bundler made of tests/remotion_project, against the pictures that its own renderer made of it.
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/film.hpp"
#include "support/sandbox.hpp"

#include <boost/json/array.hpp>

#include <catch2/catch.hpp>

#include <iostream>

using namespace orchestrator::test;

namespace {

const std::string bundle = std::string(ORCHESTRATOR_REMOTION) + "/bundle";

bool have_bundle() {
  const bool made = std::filesystem::exists(std::string(ORCHESTRATOR_REMOTION) + "/installed");
  if (!made) std::cout << "skipped: there is no Remotion bundle; the test \"install Remotion\" says why\n";
  return made;
}

/// Renders one composition without loss; nothing but what `more` says is given.
ToolEnd film_of(Sandbox& sandbox, const std::string& id, Arguments more = {}) {
  Arguments arguments{
      "render",   bundle,      "--composition",  id,     "-o", sandbox.film().string(), "--overwrite", "--crf", "0",
      "--preset", "ultrafast", "--pixel-format", "rgb24"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return sandbox.run(arguments);
}

/// The film of one composition, which must come to be.
DecodedFilm decoded(Sandbox& sandbox, const std::string& id, std::size_t pixels, Arguments more = {}) {
  CAPTURE(id);
  const ToolEnd end = film_of(sandbox, id, std::move(more));
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  return decode_film(sandbox.film(), "rgb24", 3 * pixels);
}

std::string frame_of(const DecodedFilm& film, std::size_t frame) {
  return film.bytes.substr(frame * film.frame_bytes, film.frame_bytes);
}

/// Why the composition cannot be rendered.
std::string refusal(const std::string& id, Arguments more = {}) {
  Sandbox sandbox;
  const ToolEnd end = film_of(sandbox, id, std::move(more));
  CHECK(end.status.code != 0);
  CHECK_FALSE(std::filesystem::exists(sandbox.film()));
  CHECK(sandbox.remains() == "");
  return end.errors;
}

constexpr std::size_t small_size = 320 * 180;

}  // namespace

TEST_CASE("remotion: each picture is that of Remotion's own renderer, in one chunk and in three", "[remotion]") {
  if (!have_bundle()) return;
  const std::vector<std::pair<std::string, std::vector<std::size_t>>> compositions{
      {"Moves", {0, 11, 23}}, {"Data", {0, 17}}, {"Videos", {0, 9, 20}}};
  Sandbox sandbox;
  for (const auto& [id, frames] : compositions) {
    const DecodedFilm film = decoded(sandbox, id, small_size, {"--chunks", "1"});
    CHECK(film.frames() == (id == "Data" ? 18 : 24));
    for (const std::size_t frame : frames) {
      CAPTURE(id, frame);
      const std::string picture = std::string(ORCHESTRATOR_REMOTION) + "/pictures/" + id + "-" + std::to_string(frame) + ".png";
      CHECK(frame_of(film, frame) == decode_film(picture, "rgb24", 3 * small_size).bytes);
    }
    CHECK(decoded(sandbox, id, small_size, {"--chunks", "3"}).bytes == film.bytes);
  }
  CHECK(sandbox.remains() == "");
}

TEST_CASE("remotion: what a frame draws from the frame before is there at the start of a chunk, too", "[remotion]") {
  if (!have_bundle()) return;
  Sandbox sandbox;
  const DecodedFilm film = decoded(sandbox, "Carries", small_size, {"--chunks", "4"});
  REQUIRE(film.frames() == 24);
  for (std::size_t frame = 0; frame < 24; ++frame)
    CHECK(film.rgb(frame, 0) == std::array<int, 3>{static_cast<int>(10 * frame), 0, 0});
}

TEST_CASE("remotion: compositions are listed with what calculateMetadata makes of them, and with their errors", "[remotion]") {
  if (!have_bundle()) return;
  Sandbox sandbox;
  const ToolEnd end = sandbox.run({"compositions", bundle});
  INFO(end.errors);
  REQUIRE(end.status.code == 0);
  CHECK(contains(end.output, "Moves: 320x180, 2997/100 fps, 24 frames\n"));
  CHECK(contains(end.output, "Data: 320x180, 30 fps, 18 frames\n"));
  CHECK(contains(end.output, "BadMetadata: no metadata today\n"));
  CHECK(contains(end.output, "Card: 160x90, 1 fps, 1 frames\n"));
  CHECK(contains(end.output, "driven by Remotion, frames in any order"));
  const ToolEnd one = sandbox.run({"compositions", bundle, "--composition", "Data", "--json"});
  const auto compositions = one.json().at("compositions").as_array();
  REQUIRE(compositions.size() == 1);
  CHECK(compositions[0].at("id") == "Data");
  CHECK(compositions[0].at("frames") == 18);
}

TEST_CASE("remotion: props and the size of the film reach the composition", "[remotion]") {
  if (!have_bundle()) return;
  Sandbox sandbox;
  const DecodedFilm film = decoded(sandbox, "Data", 640 * 180,
                                   {"--props", R"json({"color": "rgb(10, 200, 30)"})json", "--width", "640", "--frames", "2:5"});
  CHECK(film.frames() == 3);
  CHECK(film.rgb(1, 640 * 180 - 1) == std::array<int, 3>{10, 200, 30});
}

TEST_CASE("remotion: plan, chunk and join give the film that render gives, and ask calculateMetadata once", "[remotion]") {
  if (!have_bundle()) return;
  Sandbox sandbox;
  const DecodedFilm film = decoded(sandbox, "Data", small_size, {"--chunks", "2"});
  const ToolEnd plan = sandbox.run({"plan", bundle, "--composition", "Data", "-o", sandbox.film().string(), "--overwrite",
                                    "--crf", "0", "--preset", "ultrafast", "--pixel-format", "rgb24", "--chunks", "2"});
  INFO(plan.errors);
  REQUIRE(plan.status.code == 0);
  const std::string file = sandbox.file("plan.json", plan.output);
  const std::string chunks = sandbox.folder() / "chunks";
  for (const char* number : {"0", "1"}) {
    const ToolEnd chunk = sandbox.run({"chunk", "--plan", file, "--chunk", number, "-o", chunks});
    INFO(chunk.errors);
    REQUIRE(chunk.status.code == 0);
  }
  REQUIRE(sandbox.run({"join", "--plan", file, chunks, "-o", sandbox.film().string(), "--overwrite"}).status.code == 0);
  CHECK(decode_film(sandbox.film(), "rgb24", 3 * small_size).bytes == film.bytes);
}

TEST_CASE("remotion: which composition is rendered has to be said, and the error names them", "[remotion]") {
  if (!have_bundle()) return;
  CHECK(contains(refusal(""), "--composition: the page has 11 compositions: say which one is rendered (Moves, Data, Videos,"));
  CHECK(contains(refusal("", {"--width", "320", "--height", "180", "--fps", "30", "--frames", "0:9"}),
                 "this is a Remotion bundle: say which composition is rendered"));
  CHECK(contains(refusal("Move"), "the Remotion bundle has no composition 'Move'; it has Moves, Data, Videos,"));
}

TEST_CASE("remotion: what a composition throws, never finishes or cancels ends the render with its words", "[remotion]") {
  if (!have_bundle()) return;
  CHECK(contains(refusal("Throws"), "frame 3, capture: uncaught exception in the page: three is not nice"));
  CHECK(contains(refusal("Hangs", {"--load-timeout", "4"}),
                 "was not ready within 4 s: still waiting for delayRender() \"waiting for Godot\""));
  CHECK(contains(refusal("Cancels"), "no more of this"));
  CHECK(contains(refusal("BadMetadata"), "composition 'BadMetadata': no metadata today"));
  CHECK(contains(refusal("Data", {"--frames", "0:19"}), "has 18 frames; frame 18"));
}

TEST_CASE("remotion: sound and artifacts of the page, which the film does not have yet, are named in warnings", "[remotion]") {
  if (!have_bundle()) return;
  Sandbox sandbox;
  const ToolEnd end = film_of(sandbox, "Sounds");
  INFO(end.errors);
  CHECK(end.status.code == 0);
  CHECK(contains(end.errors, "the composition plays the sound "));
  CHECK(contains(end.errors, "public/film.mp4: sound of the page is not in the film yet"));
  CHECK(contains(end.errors, "the composition emits artifacts (<Artifact>), which are not kept yet"));
  CHECK(contains(refusal("Sounds", {"--strict"}), "The render is strict"));
}

TEST_CASE("remotion: animations of the browser go on in the next chunk, and are warned of", "[remotion]") {
  if (!have_bundle()) return;
  Sandbox sandbox;
  const DecodedFilm film = decoded(sandbox, "Animated", small_size, {"--chunks", "1"});
  for (std::size_t frame = 0; frame < 24; ++frame) CHECK(film.rgb(frame, 0)[0] == static_cast<int>(10 * frame));
  CHECK(decoded(sandbox, "Animated", small_size, {"--chunks", "3"}).bytes == film.bytes);
  CHECK(contains(film_of(sandbox, "Animated").errors, "in Remotion they do not follow the frame"));
}

TEST_CASE("remotion: a bundle whose index.html does not say that there are videos is rendered with them", "[remotion]") {
  if (!have_bundle()) return;
  Sandbox sandbox;
  const std::string older = sandbox.folder() / "older";  // as 4.0.300 wrote it
  std::filesystem::copy(bundle, older, std::filesystem::copy_options::recursive);
  std::string html = read_file(older + "/index.html");
  for (const std::string variable : {"remotion_audioEnabled", "remotion_videoEnabled", "remotion_sampleRate"}) {
    const auto at = html.find("window." + variable);
    REQUIRE(at != std::string::npos);
    html.replace(at, 7, "window.x_");
  }
  write_file(older + "/index.html", html);
  const DecodedFilm film = decoded(sandbox, "Videos", small_size, {"--frames", "9:11"});
  REQUIRE(sandbox
              .run({"render", older, "--composition", "Videos", "--frames", "9:11", "-o", sandbox.film().string(), "--overwrite",
                    "--crf", "0", "--preset", "ultrafast", "--pixel-format", "rgb24"})
              .status.code == 0);
  CHECK(decode_film(sandbox.film(), "rgb24", 3 * small_size).bytes == film.bytes);
}

TEST_CASE("remotion: a chunk refuses what was described for other props", "[remotion]") {
  if (!have_bundle()) return;
  Sandbox sandbox;
  ToolEnd plan = sandbox.run({"plan", bundle, "--composition", "Data", "-o", sandbox.film().string()});
  REQUIRE(plan.status.code == 0);
  const auto at = plan.output.find(R"("props":"{}")");
  REQUIRE(at != std::string::npos);
  plan.output.replace(at, 12, R"("props":"{\"a\":1}")");
  const ToolEnd chunk =
      sandbox.run({"chunk", "--plan", sandbox.file("plan.json", plan.output), "--chunk", "0", "-o", sandbox.folder() / "chunks"});
  CHECK(chunk.status.code == 1);
  CHECK(contains(chunk.errors, "described was made for other props"));
}
