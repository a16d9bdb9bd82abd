#include "assemble/join.hpp"

#include "assemble/remove_at_exit.hpp"
#include "assemble/verify_chunk.hpp"
#include "base/disk_error.hpp"
#include "base/output_file.hpp"
#include "media/output_format.hpp"
#include "media/run_ffmpeg.hpp"

#include <cstdio>
#include <cstring>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

Error join_failed(std::string detail) {
  return Error{.code = Errc::assemble_failed, .detail = std::move(detail), .stage = Stage::assemble};
}

Result<void> write_script(const std::filesystem::path& path, const std::string& text) {
  const int error = write_text_file(path, text);
  if (error == 0) return {};
  return disk_error(error, path, Stage::assemble)
      .value_or(join_failed("cannot write " + path.string() + ": " + std::strerror(error)));
}

/// The parts by the names that ffmpeg finds them by from `folder`. It reads the script by lines, so a name in it has no line
/// break; the folder's own may.
Result<std::vector<JoinPart>> named_from(const std::filesystem::path& folder, std::vector<JoinPart> parts) {
  for (JoinPart& part : parts) {
    if (part.file.parent_path() == folder) part.file = part.file.filename();
    if (part.file.string().find_first_of("\r\n") == std::string::npos) continue;
    return join_failed("chunk file " + part.file.string() + " cannot be joined: there is a line break in its name");
  }
  return parts;
}

/// Counts the frames of the joined file. A file that cannot be counted is an error.
asio::awaitable<Result<std::int64_t>> count_frames(std::filesystem::path file, std::string demuxers) {
  Error unreadable = join_failed("cannot read the joined file " + file.string());
  std::string source = "file:" + file.string();
  auto streams = co_await run_ffprobe(std::move(source), "file", std::move(demuxers), true, std::move(unreadable));
  if (!streams) co_return streams.error();
  for (const ProbedStream& stream : *streams) {
    if (stream.type == "video") co_return stream.packets;
  }
  co_return join_failed("the joined file " + file.string() + " has no video stream");
}

asio::awaitable<Result<std::int64_t>> join_and_count(std::vector<JoinPart> parts, std::optional<std::filesystem::path> audio,
                                                     VideoOptions video, const Container& film, std::filesystem::path output,
                                                     std::filesystem::path script) {
  const auto named = named_from(script.parent_path(), parts);
  if (!named) co_return named.error();
  if (auto written = write_script(script, concat_script(*named, video.fps)); !written) co_return written.error();
  Error failure = join_failed("cannot join " + std::to_string(parts.size()) + " chunks into " + output.string());
  std::vector<std::string> arguments = join_arguments(script, audio, video, film, output);
  std::filesystem::path folder = script.parent_path();
  auto joined = co_await run_ffmpeg(std::move(arguments), output, std::move(failure), std::move(folder));
  if (!joined) co_return joined.error();
  std::string demuxers(film.demuxers);
  auto frames = co_await count_frames(output, std::move(demuxers));
  if (!frames) co_return frames;
  std::int64_t expected = 0;
  for (const JoinPart& part : parts) expected += part.frames;
  if (*frames == expected) co_return frames;
  co_return join_failed("the joined file " + output.string() + " has " + std::to_string(*frames) + " frames, expected " +
                        std::to_string(expected));
}

}  // namespace

std::string quoted_for_concat(std::string_view name) {
  std::string quoted = "'";
  for (const char character : name) {
    if (character == '\'') {
      quoted += "'\\''";  // nothing can be escaped inside quotes: close them, escape this one, open them again
    } else {
      quoted += character;
    }
  }
  return quoted + "'";
}

std::string concat_script(const std::vector<JoinPart>& parts, Rational fps) {
  // The concat demuxer adds up durations in microseconds. Each is written as the difference of two rounded positions, so that
  // rounding errors do not add up and every timestamp is within a microsecond or two of its frame; join_arguments() rounds it to
  // the frame.
  constexpr std::int64_t microseconds = 1'000'000;
  std::string script = "ffconcat version 1.0\n";
  std::int64_t frame = 0;
  for (const JoinPart& part : parts) {
    const std::int64_t begin = first_sample_of_frame(frame, fps, microseconds);
    frame += part.frames;
    const std::int64_t duration = first_sample_of_frame(frame, fps, microseconds) - begin;
    char seconds[48];
    std::snprintf(seconds, sizeof seconds, "%lld.%06lld", static_cast<long long>(duration / microseconds),
                  static_cast<long long>(duration % microseconds));
    script += "file " + quoted_for_concat("file:" + part.file.string()) + "\nduration " + seconds + "\n";
  }
  return script;
}

std::vector<std::string> join_arguments(const std::filesystem::path& script, const std::optional<std::filesystem::path>& audio,
                                        const VideoOptions& video, const Container& film, const std::filesystem::path& output) {
  const Rational fps = reduced(video.fps);
  const std::string ticks = std::to_string(frame_ticks(fps));
  const auto whole_frames = [&](const std::string& time) { return "round(" + time + "/" + ticks + ")*" + ticks; };
  const auto file = [](const std::filesystem::path& path) { return "file:" + path.string(); };
  // ffmpeg drops a timestamp that is 30 hours before the one that it expects (ffmpeg(1), -dts_error_threshold, in seconds): with
  // frames of hours and B-frames, right ones are.
  std::vector<std::string> arguments{"-dts_error_threshold",
                                     "1000000000",
                                     "-f",
                                     "concat",
                                     "-safe",
                                     "0",
                                     "-protocol_whitelist",
                                     "file",
                                     "-format_whitelist",
                                     "concat," + std::string(chunk_format(video).container.demuxers),
                                     "-i",
                                     file(script)};
  if (audio) arguments.insert(arguments.end(), {"-protocol_whitelist", "file", "-i", file(*audio)});
  arguments.insert(arguments.end(), {"-map", "0:v:0"});
  if (audio) arguments.insert(arguments.end(), {"-map", "1:a:0"});
  // Chunks and output have the same timescale (track_timescale), so setts counts in its ticks.
  arguments.insert(arguments.end(), {"-c", "copy", "-bsf:v",
                                     "setts=pts=" + whole_frames("PTS") + ":dts=" + whole_frames("DTS") + ":duration=" + ticks,
                                     "-video_track_timescale", std::to_string(track_timescale(fps))});
  arguments.insert(arguments.end(), film.film_arguments.begin(), film.film_arguments.end());
  arguments.insert(arguments.end(), {"-f", std::string(film.muxer), "-y", file(output)});
  return arguments;
}

asio::awaitable<Result<std::int64_t>> join(std::vector<JoinPart> parts, std::optional<std::filesystem::path> audio,
                                           VideoOptions video, const Container& film, std::filesystem::path output,
                                           std::filesystem::path work_dir) {
  if (parts.empty()) co_return join_failed("there are no chunks to join");
  const std::filesystem::path script = work_dir / "chunks.ffconcat";
  RemoveAtExit script_remains(script), output_remains(output);
  auto frames = co_await join_and_count(std::move(parts), std::move(audio), std::move(video), film, output, script);
  if (frames) output_remains.keep();
  co_return frames;
}

}  // namespace orchestrator
