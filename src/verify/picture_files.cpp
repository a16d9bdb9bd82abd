#include "verify/picture_files.hpp"

#include "base/disk_error.hpp"
#include "base/output_file.hpp"
#include "media/run_ffmpeg.hpp"

#include <fcntl.h>

#include <cstring>
#include <fstream>
#include <iterator>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

/// Without the protocol in front, ffmpeg would take the text before a colon in the name for one.
std::string file_url(const fs::path& file) { return "file:" + file.string(); }

Result<void> write_bytes(const fs::path& file, const std::string& bytes) {
  OutputFile stream;
  int error = stream.open(file, O_TRUNC);
  if (error == 0) error = stream.write(bytes);
  if (error == 0) error = stream.close();
  if (error == 0) return {};
  if (auto full = disk_error(error, file, Stage::verify)) return *full;
  return Error{.code = Errc::output_unwritable,
               .detail = "cannot write " + file.string() + ": " + std::strerror(error),
               .stage = Stage::verify};
}

}  // namespace

asio::awaitable<Result<Picture>> picture_of(const Shot& shot, int width, int height, fs::path scratch) {
  Picture picture{.width = width, .height = height};
  if (shot.layout == FrameLayout::bgr0) {
    picture.bgr0 = shot.bytes;
    co_return picture;
  }
  const fs::path png = scratch / "shot.png";
  const fs::path raw = scratch / "shot.raw";
  auto written = write_bytes(png, shot.bytes);
  if (!written) co_return written.error();
  std::vector<std::string> arguments{"-y", "-i", file_url(png), "-f", "rawvideo", "-pix_fmt", "bgr0", file_url(raw)};
  Error failure{.code = Errc::capture_failed, .detail = "a captured PNG cannot be decoded", .stage = Stage::verify};
  auto decoded = co_await run_ffmpeg(std::move(arguments), raw, std::move(failure));
  if (!decoded) co_return decoded.error();
  std::ifstream stream(raw, std::ios::binary);
  picture.bgr0.assign(std::istreambuf_iterator<char>(stream), {});
  const auto expected = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4;
  if (picture.bgr0.size() == expected) co_return picture;
  co_return Error{
      .code = Errc::capture_failed, .detail = "a captured PNG has another size than the page", .stage = Stage::verify};
}

asio::awaitable<Result<void>> write_png(const Picture& picture, fs::path file, fs::path scratch) {
  const fs::path raw = scratch / "picture.raw";
  auto written = write_bytes(raw, picture.bgr0);
  if (!written) co_return written.error();
  const std::string size = std::to_string(picture.width) + "x" + std::to_string(picture.height);
  std::vector<std::string> arguments{"-y", "-f", "rawvideo", "-pixel_format", "bgr0", "-video_size", size, "-i", file_url(raw)};
  for (const char* word : {"-frames:v", "1", "-update", "1", "-c:v", "png", "-pix_fmt", "rgb24", "-f", "image2"}) {
    arguments.emplace_back(word);
  }
  arguments.push_back(file_url(file));
  Error failure{.code = Errc::output_unwritable, .detail = "cannot write " + file.string(), .stage = Stage::verify};
  auto encoded = co_await run_ffmpeg(std::move(arguments), file, std::move(failure));
  if (!encoded) co_return encoded.error();
  co_return Result<void>{};
}

}  // namespace orchestrator
