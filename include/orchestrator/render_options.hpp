#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>
#include <orchestrator/frame_range.hpp>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// How frames leave the browser (docs/architecture.md, "Capture").
enum class CaptureMode {
  automatic,   ///< the first of the three below that works on the worker's machine
  shm,         ///< Chromium on a private X server, read through shared memory; the fast one
  beginframe,  ///< chromium-headless-shell, HeadlessExperimental.beginFrame, PNG
  screenshot,  ///< Page.captureScreenshot, PNG; works everywhere
};
std::string_view to_string(CaptureMode mode) noexcept;
std::optional<CaptureMode> capture_mode_from_string(std::string_view name) noexcept;

/// The picture. Sizes in CSS pixels = output pixels (device scale factor 1). Size and rate are the composition's where they are
/// 0, or, if it says none, 1920x1080 at 30; with_defaults() puts those in.
struct VideoOptions {
  int width{0};
  int height{0};
  Rational fps{0, 1};
  std::string codec{"h264"};            ///< see docs/codecs.md; `orchestrator doctor` lists what this machine can do
  std::string preset{"medium"};         ///< x264's presets, ultrafast ... placebo
  int crf{18};                          ///< 0 (lossless) ... 51
  std::string pixel_format{"yuv420p"};  ///< yuv420p, yuv422p, yuv444p, rgb24
};

/// `video` with 1920x1080 at 30 frames a second in place of what is 0.
VideoOptions with_defaults(VideoOptions video) noexcept;

/// One sound on the composition's timeline. Times in seconds of composition time unless said otherwise.
struct AudioTrack {
  std::string source{};              ///< file path or http(s) URL; the first audio stream is used
  double volume{1.0};                ///< linear gain, 0 ... 100
  double offset{0};                  ///< where on the timeline the track starts (frame 0 of the composition = 0)
  double seek{0};                    ///< in-point: seconds into the source
  std::optional<double> duration{};  ///< how long it sounds, above 0; default: to the source's (looped: the render's) end
  double fade_in{0};                 ///< length of a linear fade at the track's start
  double fade_out{0};                ///< length of a linear fade at the track's end
  bool loop{false};                  ///< repeats the part from `seek` to the source's end
  double playback_rate{1.0};         ///< 2 = twice as fast, same pitch; 0.25 ... 4
  friend bool operator==(const AudioTrack&, const AudioTrack&) = default;
};

/// The sound: tracks are summed in 32-bit float at 48 kHz stereo, without automatic attenuation, and encoded once as AAC.
struct AudioOptions {
  std::vector<AudioTrack> tracks{};
  int bitrate_kbps{192};
  bool always{false};  ///< write a (silent) audio stream even without tracks
  friend bool operator==(const AudioOptions&, const AudioOptions&) = default;
};

/// How a render is cut into chunks. All 0: chosen from the executor's slots; then no chunk is shorter than five seconds, unless
/// the render is.
struct ChunkingOptions {
  int chunks{0};                     ///< exactly this many chunks, at most one a frame, sizes equal to within one frame
  std::int64_t frames_per_chunk{0};  ///< exactly this many frames a chunk; the last may be short
  int workers{0};                    ///< chunks rendered at the same time; default: the executor's slots
};

/// The environment that a page finds, and how strictly it is checked; the same in all chunks, wherever they are rendered.
struct PageSettings {
  std::string timezone{"UTC"};  ///< IANA name, "Europe/Berlin": of Date and Intl
  std::string locale{"en-US"};  ///< BCP 47 tag, "de-DE": of Intl, toLocaleString, navigator.language, Accept-Language
  bool strict{false};           ///< anything in a page that does not follow the frames is an error instead of a warning
  /// Each frame depends on those before it, although the page can be told any: every chunk draws all from 0 on, and captures its
  /// own. A page may say so itself (docs/page-contracts.md); one that follows the clock needs no saying.
  bool stateful{false};
  /// URLs of the style sheets of a built project (Motion Canvas, Revideo), whose script does not name them. For a script of this
  /// machine, those that Vite has written beside it are found where none are given.
  std::vector<std::string> style_sheets{};
};

/// Time limits, at most 10^9 s each. Only `total` may be 0, which means no limit.
struct TimeoutOptions {
  std::chrono::milliseconds load{30'000};   ///< navigation, fonts, images, readiness of a page
  std::chrono::milliseconds frame{30'000};  ///< seek, readiness and capture of one frame; each step on the way to it
  std::chrono::milliseconds total{0};       ///< the whole render
};

/// Everything a render needs. Aggregate: use designated initialisers. Owns its values; a render keeps copies of them.
struct RenderOptions {
  std::string composition{};       ///< http(s) URL, HTML file, directory with index.html, or built project
  std::filesystem::path output{};  ///< .mp4 (or .MP4); its folder exists; a link is followed
  VideoOptions video{};
  RenderRange frames{};  ///< what to render: {0, 300}, or RenderRange::seconds({10, 1}); default: all that the composition has
  AudioOptions audio{};
  ChunkingOptions chunking{};
  TimeoutOptions timeouts{};
  std::string props{"{}"};  ///< JSON object, the page's `window.orchestratorProps`, or what its contract calls props
  /// Which of the page's compositions, where it has several with names; fill_in() puts in the only one's.
  std::string composition_id{};
  /// What the composition was found to be (DescribedComposition::described), so that all chunks render the same. For other props
  /// or another composition it has to be empty again, or the chunks refuse it.
  std::string described{};
  PageSettings page{};
  CaptureMode capture{CaptureMode::automatic};
  std::filesystem::path work_dir{};  ///< where chunks are kept meanwhile; default: beside the output
  /// Replace an existing output file, only ever by a finished film. Where the film has to be copied (no rename there) and the
  /// copy breaks off, the error says that the file is incomplete and where the finished film lies.
  bool overwrite{false};

  /// The frames that `frames` stands for at this rate. Empty if none are chosen.
  FrameRange frame_range() const noexcept { return frames.frames(with_defaults(video).fps); }
};

/// Checks everything that can be checked without I/O; the error names the field. What is left to the composition is right.
/// Thread-safe, no side effects.
[[nodiscard]] Result<void> validate(const RenderOptions& options);
/// The same for what RenderOrchestrator::describe() needs.
[[nodiscard]] Result<void> validate_for_page(const RenderOptions& options);

}  // namespace v0
}  // namespace orchestrator
