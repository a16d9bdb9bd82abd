#include "values/options_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace orchestrator {

namespace json = boost::json;

json::value json_of(Rational rational) { return json::object{{"num", rational.num}, {"den", rational.den}}; }
json::value json_of(FrameRange range) { return json::object{{"first", range.first}, {"last", range.last}}; }

json::value json_of(const VideoOptions& video) {
  return json::object{
      {"width", video.width},   {"height", video.height}, {"fps", json_of(video.fps)},         {"codec", video.codec},
      {"preset", video.preset}, {"crf", video.crf},       {"pixel_format", video.pixel_format}};
}

json::value json_of(const AudioTrack& track) {
  json::object object{
      {"source", track.source},   {"volume", track.volume},     {"offset", track.offset}, {"seek", track.seek},
      {"fade_in", track.fade_in}, {"fade_out", track.fade_out}, {"loop", track.loop},     {"playback_rate", track.playback_rate}};
  if (track.duration) object["duration"] = *track.duration;
  return object;
}

json::value json_of(const AudioOptions& audio) {
  json::array tracks;
  for (const AudioTrack& track : audio.tracks) tracks.push_back(json_of(track));
  return json::object{{"tracks", std::move(tracks)}, {"bitrate_kbps", audio.bitrate_kbps}, {"always", audio.always}};
}

json::value json_of(const PageSettings& page) {
  return json::object{{"timezone", page.timezone},
                      {"locale", page.locale},
                      {"strict", page.strict},
                      {"stateful", page.stateful},
                      {"style_sheets", json::array(page.style_sheets.begin(), page.style_sheets.end())}};
}

json::value json_of(const TimeoutOptions& timeouts) {
  return json::object{
      {"load_ms", timeouts.load.count()}, {"frame_ms", timeouts.frame.count()}, {"total_ms", timeouts.total.count()}};
}

json::value json_of(const RenderOptions& options) {
  return json::object{{"composition", options.composition},
                      {"output", options.output.string()},
                      {"video", json_of(options.video)},
                      {"frames", json_of(options.frames.duration() ? FrameRange{} : options.frame_range())},
                      {"duration", json_of(options.frames.duration().value_or(Rational{0, 1}))},
                      {"audio", json_of(options.audio)},
                      {"chunking", json::object{{"chunks", options.chunking.chunks},
                                                {"frames_per_chunk", options.chunking.frames_per_chunk},
                                                {"workers", options.chunking.workers}}},
                      {"timeouts", json_of(options.timeouts)},
                      {"props", options.props},
                      {"composition_id", options.composition_id},
                      {"described", options.described},
                      {"page", json_of(options.page)},
                      {"capture", json::string(to_string(options.capture))},
                      {"work_dir", options.work_dir.string()},
                      {"overwrite", options.overwrite}};
}

json::value json_of(const StillPicture& picture) {
  return json::object{{"sha256", picture.sha256}, {"one_colour", picture.one_colour}};
}

json::value json_of(const ChunkVersions& versions) {
  return json::object{{"orchestrator", versions.orchestrator}, {"browser", versions.browser}, {"encoder", versions.encoder}};
}

void read_fields(JsonReader reader, Rational& rational) { reader.read("num", rational.num).read("den", rational.den); }
void read_fields(JsonReader reader, FrameRange& range) { reader.read("first", range.first).read("last", range.last); }

void read_fields(JsonReader reader, VideoOptions& video) {
  reader.read("width", video.width).read("height", video.height);
  read_object(reader, "fps", video.fps);
  reader.read("codec", video.codec).read("preset", video.preset).read("crf", video.crf);
  reader.read("pixel_format", video.pixel_format);
}

void read_fields(JsonReader reader, AudioTrack& track) {
  reader.read("source", track.source).read("volume", track.volume).read("offset", track.offset).read("seek", track.seek);
  reader.read("duration", track.duration).read("fade_in", track.fade_in).read("fade_out", track.fade_out);
  reader.read("loop", track.loop).read("playback_rate", track.playback_rate);
}

void read_fields(JsonReader reader, AudioOptions& audio) {
  read_array(reader, "tracks", audio.tracks);
  reader.read("bitrate_kbps", audio.bitrate_kbps).read("always", audio.always);
}

void read_fields(JsonReader reader, PageSettings& page) {
  reader.read("timezone", page.timezone).read("locale", page.locale).read("strict", page.strict).read("stateful", page.stateful);
  reader.read("style_sheets", page.style_sheets);
}

void read_fields(JsonReader reader, TimeoutOptions& timeouts) {
  reader.read("load_ms", timeouts.load).read("frame_ms", timeouts.frame).read("total_ms", timeouts.total);
}

/// "frames" and "duration": the one that was not chosen is all zeros.
void read_range(JsonReader& reader, RenderRange& range) {
  FrameRange frames;
  Rational duration{0, 1};
  read_object(reader, "frames", frames);
  read_object(reader, "duration", duration);
  if (frames != FrameRange{} && duration.num != 0) reader.fail("duration", "and frames exclude each other");
  if (frames != FrameRange{}) range = frames;
  if (duration.num != 0) range = RenderRange::seconds(duration);
}

void read_fields(JsonReader reader, RenderOptions& options) {
  reader.required("composition").read("composition", options.composition).read("output", options.output);
  read_object(reader, "video", options.video);
  read_range(reader, options.frames);
  read_object(reader, "audio", options.audio);
  reader.object("chunking", [&](JsonReader chunking) {
    chunking.read("chunks", options.chunking.chunks).read("frames_per_chunk", options.chunking.frames_per_chunk);
    chunking.read("workers", options.chunking.workers);
  });
  read_object(reader, "page", options.page);
  read_object(reader, "timeouts", options.timeouts);
  reader.read("props", options.props).read("composition_id", options.composition_id).read("described", options.described);
  reader.word("capture", options.capture, capture_mode_from_string);
  reader.read("work_dir", options.work_dir).read("overwrite", options.overwrite);
}

void read_fields(JsonReader reader, StillPicture& picture) {
  reader.required("sha256").read("sha256", picture.sha256).read("one_colour", picture.one_colour);
}

void read_fields(JsonReader reader, ChunkVersions& versions) {
  reader.read("orchestrator", versions.orchestrator).read("browser", versions.browser).read("encoder", versions.encoder);
}

}  // namespace orchestrator
