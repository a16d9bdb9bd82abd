#include "assemble/make_audio.hpp"

#include "assemble/audio_arguments.hpp"
#include "assemble/mixer.hpp"
#include "assemble/remove_at_exit.hpp"
#include "assemble/sound_sources.hpp"
#include "base/disk_error.hpp"
#include "base/output_file.hpp"
#include "base/web_url.hpp"
#include "media/run_ffmpeg.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

namespace orchestrator {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t sample_bytes = channels * sizeof(float);

Error audio_failed(std::string detail) {
  return Error{.code = Errc::audio_failed, .detail = std::move(detail), .stage = Stage::audio};
}
/// "audio track NAME", as messages name it.
std::string title_of(const AudioTrack& track) { return "audio track " + without_login(track.source); }
Error audio_failed(const AudioTrack& track) { return audio_failed(title_of(track) + " cannot be read"); }

/// ffmpeg's words name the source as it was given, with its password.
Error hide_login(Error error, const AudioTrack& track) {
  const std::string shown = without_login(track.source);
  if (shown == track.source) return error;
  for (std::string* words : {&error.detail, &error.output_tail}) {
    for (auto at = words->find(track.source); at != std::string::npos; at = words->find(track.source, at + shown.size())) {
      words->replace(at, track.source.size(), shown);
    }
  }
  return error;
}

/// A track's decoded samples in a file.
struct DecodedTrack {
  UniqueFd file{};
  RemoveAtExit remains;
  std::int64_t samples{0};
  std::optional<double> source_s{};  ///< the whole source's length, if it is known
};

/// Adds what to do if a server's certificate was refused, in GnuTLS's words or in OpenSSL's.
Error with_trust_advice(Error error) {
  if (error.output_tail.find("ertificate") == std::string::npos) return error;
  error.detail += "; if the server is the right one, name the file of the authority that vouches for it in SSL_CERT_FILE";
  return error;
}

asio::awaitable<Result<ProbedStream>> probe_sound(AudioTrack track, AudioSource source, std::chrono::milliseconds load_timeout) {
  Error failure = audio_failed(track);
  auto streams = co_await run_ffprobe(std::move(source.url), std::move(source.protocols), "", false, std::move(failure),
                                      load_timeout, std::move(source.options));
  if (!streams) co_return with_trust_advice(streams.error());
  for (const ProbedStream& stream : *streams) {
    if (is_playlist(stream.container))
      co_return unreadable_track(track, "it is a playlist (" + stream.container + "): give a file with the whole sound");
    if (stream.type == "audio") co_return stream;
  }
  co_return audio_failed(title_of(track) + " has no audio stream");
}

asio::awaitable<Result<DecodedTrack>> decode(AudioTrack track, std::int64_t limit, std::chrono::milliseconds load_timeout,
                                             fs::path path) {
  const AudioSource source = audio_source(track, trusted_authorities());
  auto stream = co_await probe_sound(track, source, load_timeout);
  if (!stream) co_return stream.error();
  DecodedTrack decoded{.remains = RemoveAtExit(path), .source_s = stream->duration_s};
  std::vector<std::string> arguments = decode_arguments(track, source, stream->channels, limit, load_timeout, path);
  Error failure = audio_failed(track);
  auto done = co_await run_ffmpeg(std::move(arguments), path, std::move(failure));
  std::string broken = broken_off(track, done ? *done : done.error().output_tail);
  if (broken == "Connection timed out") broken += " after " + std::to_string(load_timeout.count()) + " ms (timeouts.load)";
  if (!broken.empty()) co_return unreadable_track(track, broken);
  if (!done) co_return done.error();
  decoded.file = UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!decoded.file) co_return unreadable_track(track, "cannot open " + path.string() + ": " + std::strerror(errno));
  std::error_code unknown;
  decoded.samples = static_cast<std::int64_t>(fs::file_size(path, unknown) / sample_bytes);
  if (unknown) co_return unreadable_track(track, "size of " + path.string() + ": " + unknown.message());
  co_return decoded;
}

ReadSamples reader_of(int file, const AudioTrack& track) {
  return [file, track](std::int64_t first, std::span<float> samples) -> Result<void> {
    std::span<std::byte> bytes = std::as_writable_bytes(samples);
    for (off_t at = first * static_cast<off_t>(sample_bytes); !bytes.empty();) {
      const ssize_t size = ::pread(file, bytes.data(), bytes.size(), at);
      if (size < 0) return unreadable_track(track, std::string("its decoded samples: ") + std::strerror(errno));
      if (size == 0) return unreadable_track(track, "its decoded samples ended too soon");
      bytes = bytes.subspan(static_cast<std::size_t>(size));
      at += size;
    }
    return {};
  };
}

Error cannot_write(const fs::path& file, int error) {
  return disk_error(error, file, Stage::audio)
      .value_or(audio_failed("cannot write " + file.string() + ": " + std::strerror(error)));
}

void tell_if_silent(const AudioTrack& track, const std::string& reason, const AudioWarning& warn) {
  if (!reason.empty() && warn) warn(title_of(track) + " will not be heard: " + reason);
}

asio::awaitable<Result<void>> write_mix(std::vector<MixTrack> tracks, SampleRange range, fs::path output) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto executor = co_await asio::this_coro::executor;
  OutputFile file;
  if (const int error = file.open(output, O_TRUNC)) co_return cannot_write(output, error);
  for (std::int64_t first = range.first; first < range.last; first += sample_rate) {  // a second at a time
    const std::int64_t count = std::min(sample_rate, range.last - first);
    std::vector<float> block(static_cast<std::size_t>(count) * channels);
    if (auto mixed_block = mix_block(block, first, tracks); !mixed_block) co_return mixed_block.error();
    const std::string_view bytes(reinterpret_cast<const char*>(block.data()), block.size() * sizeof(float));
    if (const int error = file.write(bytes)) co_return cannot_write(output, error);
    co_await asio::post(executor, asio::use_awaitable);  // so that the loop gets to its other work
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return cancelled_error(Stage::audio);
  }
  if (const int error = file.close()) co_return cannot_write(output, error);
  co_return Result<void>();
}

}  // namespace

asio::awaitable<Result<void>> mix_audio(AudioOptions audio, FrameRange frames, Rational fps,
                                        std::chrono::milliseconds load_timeout, fs::path work_dir, fs::path output,
                                        AudioWarning warn) {
  const SampleRange range = samples_of(frames, fps);
  std::vector<DecodedTrack> decoded;
  std::vector<MixTrack> tracks;
  for (AudioTrack& track : audio.tracks) {
    track.source = with_lower_scheme(std::move(track.source));
    const std::int64_t limit = samples_needed(track, range);
    if (limit == 0) {
      tell_if_silent(track, why_silent(track, range, std::nullopt, std::nullopt), warn);
      continue;
    }
    fs::path path = work_dir / ("track-" + std::to_string(decoded.size()) + ".f32");
    auto ready = co_await decode(track, limit, load_timeout, std::move(path));
    if (!ready) co_return hide_login(ready.error(), track);
    tell_if_silent(track, why_silent(track, range, ready->samples, ready->source_s), warn);
    tracks.push_back({place_track(track, range, ready->samples), reader_of(ready->file.get(), track)});
    decoded.push_back(std::move(*ready));
  }
  co_return co_await write_mix(std::move(tracks), range, std::move(output));
}

asio::awaitable<Result<std::optional<fs::path>>> make_audio(AudioOptions audio, FrameRange frames, Rational fps,
                                                            std::chrono::milliseconds load_timeout, const Container& film,
                                                            fs::path work_dir, AudioWarning warn) {
  if (audio.tracks.empty() && !audio.always) co_return std::optional<fs::path>();
  const int bitrate_kbps = audio.bitrate_kbps;
  const fs::path samples = work_dir / "mix.f32";
  const fs::path output = work_dir / "audio.m4a";
  const RemoveAtExit samples_remain(samples);
  RemoveAtExit output_remains(output);
  auto mixed = co_await mix_audio(std::move(audio), frames, fps, load_timeout, work_dir, samples, std::move(warn));
  if (!mixed) co_return mixed.error();
  std::vector<std::string> arguments = sound_arguments(samples, bitrate_kbps, film, output);
  Error failure = audio_failed("cannot encode the sound");
  auto encoded = co_await run_ffmpeg(std::move(arguments), output, std::move(failure));
  if (!encoded) co_return encoded.error();
  output_remains.keep();
  co_return std::optional<fs::path>(output);
}

}  // namespace orchestrator
