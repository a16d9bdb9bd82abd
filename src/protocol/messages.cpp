#include <orchestrator/worker/messages.hpp>

#include "base/text_tail.hpp"
#include "protocol/frame_codec.hpp"
#include "values/description_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>

namespace orchestrator::protocol {

namespace json = boost::json;

namespace {

constexpr std::array<std::string_view, std::variant_size_v<Message>> type_names{
    "hello",  "job",         "describe", "cancel",       "heartbeat", "progress", "log",
    "result", "description", "error",    "file_request", "file",      "data"};

json::object fields(const Hello& hello) {
  return {{"protocol", hello.protocol}, {"software", hello.software},
          {"name", hello.name},         {"heartbeat_limit_ms", hello.heartbeat_limit.count()},
          {"slots", hello.slots},       {"missing", json::array(hello.missing.begin(), hello.missing.end())}};
}

/// What a job says of the page: all that a Describe has.
template <class AnyJob>
json::object page_fields(const AnyJob& message) {
  const auto& job = message.job;
  return {{"composition", job.composition},
          {"props", job.props},
          {"composition_id", job.composition_id},
          {"page", json_of(job.page)},
          {"video", json_of(job.video)},
          {"capture", json::string(to_string(job.capture))},
          {"timeouts", json_of(job.timeouts)},
          {"render", job.render},
          {"files_from_host", message.files_from_host},
          {"id", message.id}};
}

json::object fields(const Job& message) {
  const ChunkJob& job = message.job;
  json::object object = page_fields(message);
  object["chunk"] = job.chunk;
  object["attempt"] = job.attempt;
  object["described"] = job.described;
  object["frames"] = json_of(job.frames);
  object["output"] = job.output.string();
  object["return_file"] = message.return_file;
  return object;
}

json::object fields(const Describe& message) { return page_fields(message); }

json::object fields(const Cancel&) { return {}; }
json::object fields(const Heartbeat&) { return {}; }
json::object fields(const ChunkProgress& progress) {
  return {{"job", progress.job}, {"captured", progress.captured}, {"encoded", progress.encoded}};
}

constexpr std::array<std::string_view, 3> level_names{"debug", "info", "warning"};

json::object fields(const Log& log) {
  return {{"level", level_names[static_cast<std::size_t>(log.level)]}, {"text", valid_utf8(log.text)}};
}

void add(json::object& object, const FileDigest& digest) {
  object["bytes"] = digest.bytes;
  object["sha256"] = digest.sha256;
}

json::object fields(const Done& done) {
  const ChunkResult& result = done.result;
  json::array tracks;
  for (const AudioTrack& track : result.audio.tracks) tracks.push_back(json_of(track));
  json::object object{{"job", done.job},
                      {"file", result.file.string()},
                      {"frames", result.frames},
                      {"unchanged_frames", result.unchanged_frames},
                      {"capture", result.capture},
                      {"contract", result.contract},
                      {"versions", json_of(result.versions)},
                      {"audio", json::object{{"tracks", std::move(tracks)}}},
                      {"timings", json::object{{"boot_ms", result.timings.boot.count()},
                                               {"capture_ms", result.timings.capture.count()},
                                               {"encode_ms", result.timings.encode.count()}}},
                      {"cpu", json::object{{"browser_us", result.cpu.browser.count()},
                                           {"display_us", result.cpu.display.count()},
                                           {"worker_us", result.cpu.worker.count()},
                                           {"encoder_us", result.cpu.encoder.count()}}}};
  if (result.still) object["still"] = json_of(*result.still);
  if (done.file) add(object, *done.file);
  return object;
}

json::object fields(const Described& described) {
  json::object object = json_of(described.description);
  object["job"] = described.job;
  return object;
}

json::object fields(const Failed& failed) {
  const Error& error = failed.error;
  json::object object{{"job", failed.job},
                      {"code", to_string(error.code)},
                      {"detail", valid_utf8(error.detail)},
                      {"stage", to_string(error.stage)},
                      {"output_tail", valid_utf8(error.output_tail)}};
  if (error.frame) object["frame"] = *error.frame;
  return object;
}

json::object fields(const FileRequest& request) {
  return {{"id", request.id}, {"path", valid_utf8(request.path)}, {"known", request.known}};
}

constexpr std::array<std::string_view, 4> status_names{"found", "unchanged", "missing", "unreadable"};

json::object fields(const FileAnswer& answer) {
  json::object object{{"id", answer.id}, {"status", status_names[static_cast<std::size_t>(answer.status)]}};
  if (answer.status != FileStatus::found) return object;
  add(object, answer.digest);
  object["extension"] = valid_utf8(answer.extension);
  return object;
}

json::object fields(const Data&) { return {}; }

void read(JsonReader reader, Hello& hello) {
  reader.required("protocol").read("protocol", hello.protocol).read("software", hello.software).read("name", hello.name);
  reader.read("heartbeat_limit_ms", hello.heartbeat_limit).read("slots", hello.slots).read("missing", hello.missing);
}

template <class AnyJob>
void read_page_fields(JsonReader& reader, AnyJob& message) {
  auto& job = message.job;
  for (const char* key : {"composition", "video"}) reader.required(key);
  reader.read("composition", job.composition).read("props", job.props).read("composition_id", job.composition_id);
  read_object(reader, "page", job.page);
  read_object(reader, "video", job.video);
  job.video = with_defaults(std::move(job.video));
  reader.word("capture", job.capture, capture_mode_from_string);
  read_object(reader, "timeouts", job.timeouts);
  reader.read("render", job.render).read("files_from_host", message.files_from_host).read("id", message.id);
}

void read(JsonReader reader, Job& message) {
  ChunkJob& job = message.job;
  for (const char* key : {"frames", "output"}) reader.required(key);
  read_page_fields(reader, message);
  reader.read("chunk", job.chunk).read("attempt", job.attempt).read("described", job.described);
  read_object(reader, "frames", job.frames);
  reader.read("output", job.output).read("return_file", message.return_file);
}

void read(JsonReader reader, Describe& message) { read_page_fields(reader, message); }

void read(const JsonReader&, Cancel&) {}
void read(const JsonReader&, Heartbeat&) {}
void read(JsonReader reader, ChunkProgress& progress) {
  reader.read("job", progress.job).read("captured", progress.captured).read("encoded", progress.encoded);
}

template <class Word, std::size_t N>
std::optional<Word> word_in(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] == name) return static_cast<Word>(i);
  }
  return std::nullopt;
}

std::optional<LogLevel> level_from_string(std::string_view name) { return word_in<LogLevel>(level_names, name); }
std::optional<FileStatus> status_from_string(std::string_view name) { return word_in<FileStatus>(status_names, name); }

FileDigest read_digest(JsonReader& reader) {
  FileDigest digest{.bytes = -1};
  reader.required("bytes").required("sha256").read("bytes", digest.bytes).read("sha256", digest.sha256);
  if (digest.bytes < 0) reader.fail("bytes", "must not be negative");
  return digest;
}

void read(JsonReader reader, Log& log) { reader.word("level", log.level, level_from_string).read("text", log.text); }

void read(JsonReader reader, Done& done) {
  ChunkResult& result = done.result;
  for (const char* key : {"file", "frames"}) reader.required(key);
  reader.read("job", done.job)
      .read("file", result.file)
      .read("frames", result.frames)
      .read("unchanged_frames", result.unchanged_frames);
  reader.read("capture", result.capture).read("contract", result.contract);
  read_object(reader, "versions", result.versions);
  if (reader.has("still")) read_object(reader, "still", result.still.emplace());
  reader.object("audio", [&](JsonReader audio) { read_array(audio, "tracks", result.audio.tracks); });
  reader.object("timings", [&](JsonReader timings) {
    timings.read("boot_ms", result.timings.boot).read("capture_ms", result.timings.capture);
    timings.read("encode_ms", result.timings.encode);
  });
  reader.object("cpu", [&](JsonReader cpu) {
    cpu.read("browser_us", result.cpu.browser).read("display_us", result.cpu.display);
    cpu.read("worker_us", result.cpu.worker).read("encoder_us", result.cpu.encoder);
  });
  if (reader.has("sha256")) done.file = read_digest(reader);
}

void read(JsonReader reader, Described& described) {
  reader.read("job", described.job);
  read_fields(std::move(reader), described.description);
}

void read(JsonReader reader, Failed& failed) {
  Error& error = failed.error;
  reader.required("code").word("code", error.code, errc_from_string).word("stage", error.stage, stage_from_string);
  reader.read("job", failed.job).read("detail", error.detail).read("output_tail", error.output_tail);
  std::int64_t frame = -1;
  reader.read("frame", frame);
  if (frame >= 0) error.frame = frame;
}

void read(JsonReader reader, FileRequest& request) {
  for (const char* key : {"id", "path"}) reader.required(key);
  reader.read("id", request.id).read("path", request.path).read("known", request.known);
}

void read(JsonReader reader, FileAnswer& answer) {
  for (const char* key : {"id", "status"}) reader.required(key);
  reader.read("id", answer.id).word("status", answer.status, status_from_string);
  if (answer.status == FileStatus::found) answer.digest = read_digest(reader);
  reader.read("extension", answer.extension);
}

void read(JsonReader reader, Data&) { reader.fail("type", "data travels in frames of its own"); }

/// Puts the alternative that `type` names into `message`; false if there is none.
template <std::size_t I = 0>
bool select(std::string_view type, Message& message) {
  if constexpr (I == std::variant_size_v<Message>) {
    return false;
  } else {
    if (type_names[I] != type) return select<I + 1>(type, message);
    message.emplace<I>();
    return true;
  }
}

}  // namespace

std::string_view v0::type_of(const Message& message) noexcept { return type_names[message.index()]; }

std::string v0::to_json(const Message& message) {
  json::object object = std::visit([](const auto& alternative) { return fields(alternative); }, message);
  object["type"] = type_of(message);
  return json::serialize(object);
}

std::string v0::to_frame(const Message& message) {
  if (const auto* data = std::get_if<Data>(&message)) return encode_frame(FrameKind::data, data->bytes);
  return encode_frame(FrameKind::control, to_json(message));
}

Result<Message> v0::parse_message(std::string_view text) {
  Message message;
  const auto wrong = read_json(text, "message", [&](JsonReader reader) {
    std::string type;
    reader.required("type").read("type", type);
    if (!select(type, message)) return reader.fail("type", "is unknown: '" + type + "'");
    std::visit([&](auto& alternative) { read(reader, alternative); }, message);
  });
  if (wrong) return Error{.code = Errc::protocol_error, .detail = *wrong, .stage = Stage::start};
  return message;
}

}  // namespace orchestrator::protocol
