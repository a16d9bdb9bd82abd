// Cues of text tracks belong to the media's time, not to the source frames of a video: what is shown, and what the page is told.
#include "support/console_lines.hpp"
#include "support/contains.hpp"
#include "support/counting_films.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <numeric>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

bool has_red(const std::string& picture) {
  for (std::size_t at = 0; at < picture.size(); at += 4) {
    if (picture.compare(at, 3, std::string("\0\0\xff", 3)) == 0) return true;
  }
  return false;
}

/// A page whose `media` plays at a quarter of its speed: source frames of 1/24 s last for five frames. Its cues begin and end
/// between them; one is shorter than a frame, one pauses the media, one is made while it plays.
std::string page_with_cues(const std::string& media) {
  return R"(<!doctype html><style>body { margin: 0; background: #fff } video { width: 320px; height: 160px }
      ::cue { background: #f00; color: #f00 }</style><body><script>)" +
         media + R"(
      media.defaultPlaybackRate = media.playbackRate = 0.25;
      media.autoplay = media.muted = true;
      document.body.append(media);
      let frame = -1;
      const tell = (text) => console.error(frame + ' ' + text);
      const track = media.addTextTrack('captions');
      track.mode = 'showing';
      const add = (start, end, text) => {
        const cue = new VTTCue(start, end, text);
        cue.onenter = () => tell('enter ' + text);
        cue.onexit = () => tell('exit ' + text);
        track.addCue(cue);
        return cue;
      };
      add(0.052, 0.094, 'one');
      add(0.101, 0.102, 'short');
      add(0.12, 0.145, 'pauses').pauseOnExit = true;
      track.oncuechange = () => tell('active: ' + [...track.activeCues].map(({text}) => text));
      media.onpause = () => tell('pause');
      const step = () => {
        frame += 1;
        if (frame === 8) add(0.06, 0.07, 'new');
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    </script>)";
}

const char* const in_frames = R"(6 enter one
6 active: one
8 enter new
8 active: one,new
8 exit new
8 active: one
11 exit one
11 active: 
12 enter short
12 active: short
12 exit short
12 active: 
14 enter pauses
14 active: pauses
17 pause
17 exit pauses
17 active: 
)";

}  // namespace

TEST_CASE("cues: those of a video and of an audio begin and end at their time, in stepped frames, too", "[capture][media]") {
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const std::string name : {"count24.mp4", "sound.wav"}) {
      const bool is_film = name == "count24.mp4";
      const std::string media = is_film ? "const media = document.createElement('video'); media.src = '" + name + "';"
                                        : "const media = new Audio('" + name + "');";
      const std::string page = studio.file("page.html", page_with_cues(media));
      make_counting_films(name, std::filesystem::path(page).parent_path());
      const std::string url = studio.serve(page, [](const std::string&) { return 0ms; });
      for (const std::int64_t first : {0, 9}) {
        CAPTURE(to_string(mode), name, first);
        const auto log_before = studio.log().size();
        REQUIRE(error_of(studio.load(url, {first, 20})) == "");
        std::vector<std::int64_t> frames(static_cast<std::size_t>(20 - first));
        std::iota(frames.begin(), frames.end(), first);
        const auto pictures = studio.pictures(frames);
        for (const std::int64_t frame : frames) {
          CAPTURE(frame);
          const bool is_shown = is_film && ((frame >= 7 && frame < 12) || (frame >= 15 && frame < 18));
          CHECK(has_red(pictures[static_cast<std::size_t>(frame - first)]) == is_shown);
        }
        CHECK(console_lines(studio.log().substr(log_before), "error") == in_frames);
      }
    }
  }
}
