#include "serve/source_videos.hpp"

#include "media/run_ffmpeg.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

constexpr std::int64_t forever = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t ever_since = std::numeric_limits<std::int64_t>::min();
// How far ahead of a decoder a time may be for it to read on.
constexpr double reach_s = 2;

Error no_picture_of(std::string reason) {
  return Error{.code = Errc::page_error, .detail = std::move(reason), .stage = Stage::capture};
}

std::int64_t ticks(double seconds, Rational time_base) {
  constexpr double most = 4e18;  // what fits
  const double exact = seconds * static_cast<double>(time_base.den) / static_cast<double>(time_base.num);
  return std::llround(std::clamp(exact, -most, most));
}

/// Where to start decoding, best first. A container's way to the key frame before a time may lead to one after it (MPEG-TS), so
/// there are places before; from the beginning, nothing is missed.
std::vector<std::optional<double>> places_to_start(double time_s) {
  std::vector<std::optional<double>> places;
  for (const double earlier_s : {0.0, 2.0, 20.0}) {
    if (time_s > earlier_s) places.emplace_back(time_s - earlier_s);
  }
  places.emplace_back(std::nullopt);
  return places;
}

}  // namespace

/// A decoder and where it is.
struct SourceVideos::Running {
  VideoDecoder decoder;
  bool from_beginning{false};
  bool trusted{false};  ///< it has come by a key frame: what it shows from there on does not need what it skipped
  bool in_use{false};
  std::uint64_t last_use{0};
  std::optional<SourceFrame> current{};
  bool first_of_file{false};  ///< `current` is
  bool at_end{false};
};

struct SourceVideos::Source {
  Source(asio::any_io_executor executor, int number) : id(number), turn(std::move(executor), 1) {}
  int id;
  Gate turn;  ///< one request at a time, so that two do not start two decoders
  bool probed{false};
  std::optional<Error> unusable{};
  std::string decoder{};
  std::optional<Rational> time_base{};
  std::list<Running> running{};

  asio::awaitable<void> probe(std::filesystem::path file, bool transparent);

  /// The decoder that has the least to read to come to `time_s`.
  std::list<Running>::iterator within_reach(double time_s) {
    auto nearest = running.end();
    if (!time_base) return nearest;
    const std::int64_t time = ticks(time_s, *time_base), reach = ticks(reach_s, *time_base);
    for (auto candidate = running.begin(); candidate != running.end(); ++candidate) {
      if (!candidate->current || candidate->current->time > time || time - candidate->current->time > reach) continue;
      if (nearest == running.end() || candidate->current->time > nearest->current->time) nearest = candidate;
    }
    return nearest;
  }
};

asio::awaitable<void> SourceVideos::Source::probe(std::filesystem::path file, bool transparent) {
  probed = true;
  Error failure = no_picture_of("it is no video that can be read");
  std::vector<std::string> options{"-select_streams", "V:0"};  // V: no cover pictures
  auto streams = co_await run_ffprobe("file:" + file.string(), source_protocols, source_formats, false, std::move(failure),
                                      std::nullopt, std::move(options));
  if (!streams) {
    unusable = streams.error();
  } else if (streams->empty()) {
    unusable = no_picture_of("it has no video");
  } else {
    const std::string& transfer = streams->front().transfer;
    if (transfer == "smpte2084" || transfer == "arib-std-b67") {
      unusable = no_picture_of("its colours are HDR (" + transfer +
                               "), which are not turned into those of a page here: convert the video");
    }
    // ffmpeg's own decoders of these take no notice of transparency (libavcodec/vp9.c).
    const std::string& codec = streams->front().codec;
    if (transparent && codec == "vp9") decoder = "libvpx-vp9";
    if (transparent && codec == "vp8") decoder = "libvpx";
  }
}

SourceVideos::SourceVideos(asio::any_io_executor executor, SourceVideoLimits limits)
    : executor_(executor), limits_(limits), cache_(limits.cache_bytes), decoding_(executor, limits.decoders) {}
SourceVideos::~SourceVideos() = default;

void SourceVideos::stop() {
  stopped_ = true;
  for (auto& [key, source] : sources_) {
    for (Running& running : source->running) running.decoder.stop();
  }
}

asio::awaitable<Result<PictureFile>> SourceVideos::find(WantedPicture wanted) {
  const std::pair key(wanted.file, wanted.transparent);
  auto& place = sources_[key];
  if (!place) place = std::make_unique<Source>(executor_, static_cast<int>(sources_.size()));
  Source& source = *place;
  if (auto picture = cached(source, wanted.time_s)) co_return picture;
  const auto turn = co_await source.turn.enter();
  if (auto picture = cached(source, wanted.time_s)) co_return picture;
  const auto slot = co_await decoding_.enter();
  if (stopped_ || !turn || !slot) co_return no_picture_of("the page is left");
  co_return co_await decode(source, wanted);
}

asio::awaitable<Result<PictureFile>> SourceVideos::decode(Source& source, const WantedPicture& wanted) {
  if (!source.probed) co_await source.probe(wanted.file, wanted.transparent);
  if (source.unusable) co_return *source.unusable;
  const auto running = source.within_reach(wanted.time_s);
  if (running != source.running.end()) co_return co_await read_to(source, running, wanted.time_s);
  for (const auto& from_s : places_to_start(wanted.time_s)) {
    end_oldest();
    if (stopped_) break;
    const DecoderStart start{.file = wanted.file, .decoder = source.decoder, .transparent = wanted.transparent, .from_s = from_s};
    auto decoder = VideoDecoder::start(executor_, start);
    if (!decoder) co_return decoder.error();
    source.running.push_back({.decoder = std::move(*decoder), .from_beginning = !from_s, .trusted = !from_s});
    auto picture = co_await read_to(source, std::prev(source.running.end()), wanted.time_s);
    if (!picture || *picture) co_return picture;
  }
  co_return no_picture_of("the page is left");
}

asio::awaitable<Result<PictureFile>> SourceVideos::read_to(Source& source, std::list<Running>::iterator running, double time_s) {
  running->in_use = true;
  running->last_use = ++uses_;
  auto picture = co_await advance(source, *running, time_s);
  running->in_use = false;
  if (!picture || !*picture || running->at_end) source.running.erase(running);
  co_return picture;
}

/// Null if the decoder has begun too late in the file, or at a place where it cannot.
asio::awaitable<Result<PictureFile>> SourceVideos::advance(Source& source, Running& running, double time_s) {
  for (;;) {
    auto frame = co_await running.decoder.next(limits_.frame);
    if (!frame && running.trusted) co_return frame.error();
    if (!frame) co_return PictureFile();
    if (!*frame) {
      running.at_end = true;
      if (!running.current) co_return PictureFile();
      keep(source, running, forever);
      co_return running.current->picture;
    }
    source.time_base = running.decoder.time_base();
    const std::int64_t time = ticks(time_s, *source.time_base);
    if (!running.trusted && (*frame)->time > time) co_return PictureFile();
    running.trusted = running.trusted || (*frame)->key;
    if (!running.trusted) continue;
    PictureFile before = pass(source, running, std::move(**frame));
    if (before && time < running.current->time) co_return before;
  }
}

/// Goes on to the next frame. Returns the picture of the one before.
PictureFile SourceVideos::pass(const Source& source, Running& running, SourceFrame next) {
  PictureFile before;
  if (running.current) {
    before = running.current->picture;
    keep(source, running, next.time);
  }
  running.first_of_file = !running.current && running.from_beginning;
  running.current = std::move(next);
  return before;
}

void SourceVideos::keep(const Source& source, const Running& running, std::int64_t end) {
  const std::int64_t first = running.first_of_file ? ever_since : running.current->time;
  cache_.keep(source.id, {first, end}, running.current->picture);
}

PictureFile SourceVideos::cached(const Source& source, double time_s) {
  return source.time_base ? cache_.find(source.id, ticks(time_s, *source.time_base)) : nullptr;
}

/// Makes room for one more decoder. One that is not in use there is always: there are no more requests that decode than decoders.
void SourceVideos::end_oldest() {
  int count = 0;
  Source* of = nullptr;
  std::list<Running>::iterator oldest;
  for (auto& [key, source] : sources_) {
    for (auto running = source->running.begin(); running != source->running.end(); ++running, ++count) {
      if (running->in_use || (of != nullptr && running->last_use > oldest->last_use)) continue;
      of = source.get();
      oldest = running;
    }
  }
  if (of != nullptr && count >= limits_.decoders) of->running.erase(oldest);
}

}  // namespace orchestrator
