#include "media/ffprobe.hpp"

#include "base/json_reader.hpp"
#include "base/parse_number.hpp"
#include "base/rational.hpp"

namespace orchestrator {

namespace {

ProbedStream read_stream(JsonReader reader) {
  ProbedStream stream;
  std::string rate = "0/1", packets = "0", duration;  // ffprobe writes long counts as strings
  reader.read("codec_type", stream.type)
      .read("codec_name", stream.codec)
      .read("width", stream.width)
      .read("height", stream.height)
      .read("pix_fmt", stream.pixel_format)
      .read("color_transfer", stream.transfer)
      .read("r_frame_rate", rate)
      .read("extradata_hash", stream.codec_setup)
      .read("nb_read_packets", packets)
      .read("duration", duration)
      .read("channels", stream.channels);
  const auto frame_rate = parse_rational(rate);  // "0/0" for a stream without one
  const auto packet_count = parse_number<std::int64_t>(packets);
  if (!frame_rate) reader.fail("r_frame_rate", "is not a fraction");
  if (!packet_count) reader.fail("nb_read_packets", "is not a number");
  stream.frame_rate = frame_rate.value_or(stream.frame_rate);
  stream.packets = packet_count.value_or(0);
  stream.duration_s = parse_number<double>(duration);
  return stream;
}

}  // namespace

std::vector<std::string> ffprobe_arguments(const std::string& source, std::string_view protocols, std::string_view formats,
                                           bool count_packets) {
  std::vector<std::string> arguments{
      "-v", "error", "-protocol_whitelist", std::string(protocols), "-show_streams", "-show_format", "-show_data_hash", "sha256"};
  if (!formats.empty()) arguments.insert(arguments.end(), {"-format_whitelist", std::string(formats)});
  if (count_packets) arguments.push_back("-count_packets");
  arguments.insert(arguments.end(), {"-of", "json", source});
  return arguments;
}

Result<std::vector<ProbedStream>> parse_ffprobe(std::string_view json) {
  std::vector<ProbedStream> streams;
  const auto read_item = [&](JsonReader item) { streams.push_back(read_stream(std::move(item))); };
  std::string container;
  const auto read_fields = [&](JsonReader reader) {
    reader.array("streams", read_item);
    reader.object("format", [&](JsonReader format) { format.read("format_name", container); });
  };
  if (auto wrong = read_json(json, "ffprobe's output", read_fields)) return Error{.detail = *wrong, .stage = Stage::verify};
  for (ProbedStream& stream : streams) stream.container = container;
  return streams;
}

}  // namespace orchestrator
