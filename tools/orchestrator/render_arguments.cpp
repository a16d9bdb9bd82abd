#include "orchestrator/render_arguments.hpp"

#include "base/invalid_options.hpp"
#include "base/rational.hpp"
#include "orchestrator/audio_argument.hpp"
#include "orchestrator/number_arguments.hpp"
#include "orchestrator/text_file.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <filesystem>

namespace orchestrator::tool {

namespace {

bool is_file(const std::string& name) {
  std::error_code failed;
  return std::filesystem::is_regular_file(name, failed);
}

Result<std::string> read_props(const std::string& argument) {
  if (argument.empty()) return invalid_options("--props is empty: {} are no props");
  if (argument.front() != '@' && (argument.ends_with(".json") || is_file(argument))) {
    return invalid_options("--props takes JSON, or @ and the name of a file: write --props @" + argument);
  }
  if (argument.front() != '@') return argument;
  const std::string file = argument.substr(1);
  const auto json = text_of_file(file);
  if (!json) return invalid_options("--props: " + json.error().detail);
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // RFC 8259, section 8.1: may be ignored
  return json->starts_with(byte_order_mark) ? json->substr(byte_order_mark.size()) : *json;
}

Result<std::chrono::milliseconds> milliseconds_of(double seconds, const char* option) {
  constexpr double longest_s = 1e9;
  if (!std::isfinite(seconds) || seconds < 0 || seconds > longest_s) {
    return invalid_options(std::string(option) + " must be a positive number of seconds");
  }
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(std::ceil(seconds * 1000)));  // rounded up, because 0 may mean "no limit"
}

Result<void> fill_times(const RenderArguments& arguments, TimeoutOptions& timeouts) {
  auto load = milliseconds_of(arguments.load_timeout_s, "--load-timeout");
  if (!load) return load.error();
  auto frame = milliseconds_of(arguments.frame_timeout_s, "--frame-timeout");
  if (!frame) return frame.error();
  auto total = milliseconds_of(arguments.total_timeout_s, "--timeout");
  if (!total) return total.error();
  timeouts = {.load = *load, .frame = *frame, .total = *total};
  return {};
}

Result<void> fill_size(const RenderArguments& arguments, VideoOptions& video) {
  // 0 is what RenderOptions leave to the composition, and nothing that a user may mean.
  if (arguments.width == 0) return invalid_options("--width is 0, it must be above 0");
  if (arguments.height == 0) return invalid_options("--height is 0, it must be above 0");
  video.width = arguments.width.value_or(0);
  video.height = arguments.height.value_or(0);
  if (arguments.fps.empty()) return {};
  const auto rate = parse_rational(arguments.fps);
  if (!rate || rate->num <= 0 || rate->den <= 0) {
    return invalid_options("--fps is a positive number or fraction (30, 29.97, 30000/1001), not '" + arguments.fps + "'");
  }
  video.fps = *rate;
  return {};
}

Result<void> fill_range(const RenderArguments& arguments, RenderOptions& options) {
  if (!arguments.frames.empty() && !arguments.duration.empty())
    return invalid_options("--duration and --frames exclude each other");
  if (!arguments.frames.empty()) {
    const auto frames = parse_frames(arguments.frames);
    if (!frames)
      return invalid_options("--frames is FIRST:LAST (half-open, 0:300 renders 300 frames), not '" + arguments.frames + "'");
    if (frames->empty() || frames->first < 0)
      return invalid_options("--frames " + arguments.frames + " is an empty or negative range");
    options.frames = *frames;
  }
  if (!arguments.duration.empty()) {
    const auto duration = parse_rational(arguments.duration);
    if (!duration || duration->den <= 0 || duration->num <= 0) {
      return invalid_options("--duration is a positive number of seconds, not '" + arguments.duration + "'");
    }
    options.frames = RenderRange::seconds(*duration);
  }
  return {};
}

}  // namespace

void RenderArguments::declare_composition(CLI::App& command) {
  command.add_option("composition", composition, "URL (http, https), HTML file, folder with an index.html, or built project")
      ->required();
  const std::string picture = "Picture";
  command.add_option("--width", width, "Pixels; default: as the composition says, or 1920")->group(picture);
  command.add_option("--height", height, "Pixels; default: as the composition says, or 1080")->group(picture);
  command.add_option("--fps", fps, "Frames a second: 30, 29.97 or, exactly, 30000/1001; default: as the composition says, or 30")
      ->group(picture);
  command.add_option("--frames", frames, "FIRST:LAST, half-open: 0:300 is 300 frames; default: all that the composition has")
      ->group(picture);
  command.add_option("--duration", duration, "Seconds from frame 0, instead of --frames")->group(picture);
}

void RenderArguments::declare(CLI::App& command) {
  declare_composition(command);
  command.add_option("-o,--output", output, "The .mp4 file to write")->required();
  const std::string picture = "Picture";
  command.add_option("--codec", video.codec, "h264")->capture_default_str()->group(picture);
  command.add_option("--preset", video.preset, "x264 preset, ultrafast ... placebo")->capture_default_str()->group(picture);
  command.add_option("--crf", video.crf, "Quality: 0 (lossless) ... 51")->capture_default_str()->group(picture);
  command.add_option("--pixel-format", video.pixel_format, "yuv420p, yuv422p, yuv444p or rgb24")
      ->capture_default_str()
      ->group(picture);

  const std::string sound = "Sound";
  command
      .add_option("--audio", audio,
                  "A track: 'FILE_OR_URL,volume=0.5,offset=1.5,seek=0,duration=4,fade-in=1,fade-out=1,loop=1,rate=1' "
                  "(repeatable; all settings optional, times in seconds)")
      ->allow_extra_args(false)
      ->group(sound);
  command.add_option("--audio-bitrate", audio_bitrate_kbps, "AAC, kbit/s")->capture_default_str()->group(sound);
  command.add_flag("--silent-audio", silent_audio, "Write a silent audio stream if there is no track")->group(sound);

  declare_page(command);

  const std::string work = "Work";
  command.add_option("--workers", workers, "Worker processes; default: cores - 1, as memory allows")->group(work);
  command.add_option("--chunks", chunks, "Cut into exactly so many chunks, at most one a frame")->group(work);
  command.add_option("--chunk-frames", chunk_frames, "Cut into chunks of so many frames")->group(work);
  command.add_option("--timeout", total_timeout_s, "Seconds for the whole render; 0: no limit")
      ->capture_default_str()
      ->group(work);
  command.add_option("--work-dir", work_dir, "Where chunks are kept meanwhile; default: beside the output")->group(work);
  command.add_flag("--overwrite", overwrite, "Replace an existing output")->group(work);
}

void RenderArguments::declare_page(CLI::App& command) {
  const std::string page_group = "Page";
  command
      .add_option("--composition", composition_id, "Which one, by its id, where the page has several (orchestrator compositions)")
      ->group(page_group);
  command
      .add_option(
          "--props", props,
          "JSON object, or @FILE with one: the page's window.orchestratorProps, the input props of a Remotion composition or of "
          "a page made with Helios")
      ->group(page_group);
  command.add_option("--timezone", page.timezone, "Time zone of dates in the page, an IANA name: Europe/Berlin")
      ->capture_default_str()
      ->group(page_group);
  command.add_option("--locale", page.locale, "Language of the page's Intl and navigator, a BCP 47 tag: de-DE")
      ->capture_default_str()
      ->group(page_group);
  command.add_flag("--strict", page.strict, "What moves by itself, and not with the frames, is an error")->group(page_group);
  command.add_flag("--stateful", page.stateful, "Each frame depends on those before it: every chunk draws all from frame 0 on")
      ->group(page_group);
  command.add_option("--capture", capture, "auto, shm (fast), beginframe or screenshot")
      ->capture_default_str()
      ->group(page_group);
  command.add_option("--load-timeout", load_timeout_s, "Seconds for a page to load and be ready")
      ->capture_default_str()
      ->group(page_group);
  command.add_option("--frame-timeout", frame_timeout_s, "Seconds for one frame, or one step on the way to it")
      ->capture_default_str()
      ->group(page_group);
}

Result<RenderOptions> RenderArguments::options() const {
  RenderOptions result{.composition = composition, .output = output, .video = video};
  if (auto filled = fill_size(*this, result.video); !filled) return filled.error();
  if (auto filled = fill_range(*this, result); !filled) return filled.error();
  for (const std::string& text : audio) {
    auto track = parse_audio_track(text, is_file);
    if (!track) return track.error();
    result.audio.tracks.push_back(std::move(*track));
  }
  result.audio.bitrate_kbps = audio_bitrate_kbps;
  result.audio.always = silent_audio;
  result.chunking = {.chunks = chunks, .frames_per_chunk = chunk_frames, .workers = workers};
  auto props_json = read_props(props);
  if (!props_json) return props_json.error();
  result.props = std::move(*props_json);
  result.composition_id = composition_id;
  result.page = page;
  const auto mode = capture_mode_from_string(capture);
  if (!mode) return invalid_options("--capture is auto, shm, beginframe or screenshot, not '" + capture + "'");
  result.capture = *mode;
  if (auto filled = fill_times(*this, result.timeouts); !filled) return filled.error();
  result.work_dir = work_dir;
  result.overwrite = overwrite;
  return result;
}

}  // namespace orchestrator::tool
