#include "assemble/ffprobe.hpp"

#include "json/json_reader.hpp"

#include <charconv>

namespace orchestrator {

namespace {

template <class Number>
bool parse_number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

/// "30000/1001"; "0/0" where there is none.
bool parse_rational(std::string_view text, Rational& value) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  return parse_number(text.substr(0, slash), value.num) && parse_number(text.substr(slash + 1), value.den);
}

ProbedStream read_stream(JsonReader reader) {
  ProbedStream stream;
  std::string rate = "0/1", packets = "0";  // ffprobe writes long counts as strings
  reader.read("codec_type", stream.type)
      .read("codec_name", stream.codec)
      .read("width", stream.width)
      .read("height", stream.height)
      .read("pix_fmt", stream.pixel_format)
      .read("r_frame_rate", rate)
      .read("extradata_hash", stream.codec_setup)
      .read("nb_read_packets", packets)
      .read("channels", stream.channels);
  if (!parse_rational(rate, stream.frame_rate)) reader.fail("r_frame_rate", "is not a fraction");
  if (!parse_number(packets, stream.packets)) reader.fail("nb_read_packets", "is not a number");
  return stream;
}

}  // namespace

std::vector<std::string> ffprobe_arguments(const std::string& source, std::string_view protocols, bool count_packets) {
  std::vector<std::string> arguments{
      "-v", "error", "-protocol_whitelist", std::string(protocols), "-show_streams", "-show_data_hash", "sha256"};
  if (count_packets) arguments.push_back("-count_packets");
  arguments.insert(arguments.end(), {"-of", "json", source});
  return arguments;
}

Result<std::vector<ProbedStream>> parse_ffprobe(std::string_view json) {
  std::vector<ProbedStream> streams;
  const auto read_item = [&](JsonReader item) { streams.push_back(read_stream(std::move(item))); };
  const auto read_fields = [&](JsonReader reader) { reader.array("streams", read_item); };
  if (auto wrong = read_json(json, "ffprobe's output", read_fields)) return Error{.detail = *wrong, .stage = Stage::verify};
  return streams;
}

}  // namespace orchestrator
