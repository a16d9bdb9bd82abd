#include "media/ffmpeg_program.hpp"
#include "testing/fake_picture.hpp"
#include "testing/run_here.hpp"

#include <orchestrator/worker/child_process.hpp>

namespace orchestrator {
inline namespace v0 {
namespace testing {

namespace {

Error unreadable_film(const std::filesystem::path& film, const std::string& why) {
  return Error{.code = Errc::chunk_invalid, .detail = film.string() + " cannot be read: " + why, .stage = Stage::verify};
}

/// The film's pictures, one pixel a cell.
Result<std::string> decode_cells(const std::filesystem::path& film) {
  auto program = ffmpeg_program(Stage::verify);
  if (!program) return program.error();
  SpawnOptions ffmpeg{
      .argv = {*program, "-hide_banner", "-nostdin", "-loglevel", "error", "-i", "file:" + film.string(), "-map", "0:v", "-vf",
               reading_filter(), "-vsync", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"},
      .own_group = true};
  auto ended = run_here(run_program(std::move(ffmpeg)));
  if (!ended) return unreadable_film(film, ended.error().detail);
  if (!ended->status.success()) return unreadable_film(film, ended->error_tail);
  return std::move(ended->output);
}

}  // namespace

Result<std::vector<FakeFrame>> read_fake_film(const std::filesystem::path& film) {
  const auto cells = decode_cells(film);
  if (!cells) return cells.error();
  constexpr std::size_t picture_size = 3UL * picture_columns * picture_rows;
  std::vector<FakeFrame> frames;
  for (std::size_t at = 0; at + picture_size <= cells->size(); at += picture_size) {
    const auto* picture = reinterpret_cast<const unsigned char*>(cells->data() + at);
    const auto frame = read_picture({picture, picture_size});
    if (!frame) return unreadable_film(film, "frame " + std::to_string(frames.size()) + " shows no number of a FakeExecutor");
    frames.push_back(*frame);
  }
  return frames;
}

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
