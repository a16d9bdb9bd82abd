#pragma once

#include "media/codecs.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orchestrator {

/// A container, as ffmpeg writes and reads it.
struct Container {
  std::string_view extension;  ///< of its files, with the dot
  std::string_view muxer;      ///< ffmpeg's -f when it is written
  /// ffmpeg's -format_whitelist when it is read. A chunk may come from another machine: if ffmpeg chose the demuxer by the
  /// content, the chunk could be a playlist that names files of this machine.
  std::string_view demuxers;
  std::string_view media_type;                       ///< RFC 6838
  std::string_view sound_encoder;                    ///< ffmpeg's -c:a for the film's sound
  std::span<const std::string_view> film_arguments;  ///< ffmpeg's options for a finished film
};

/// The container of a film's file by its extension, in upper or lower case; nothing if there is none.
const Container* find_container(const std::filesystem::path& film);
/// The extensions of all containers, for people: ".mp4".
std::string container_names();

/// What a chunk's file is: everyone who encodes, names, sends, verifies or joins chunks asks this. Chunks of one render are
/// alike, and their container is one from which they join by stream copy.
struct ChunkFormat {
  const Codec& codec;
  const PixelFormat& pixels;
  const Container& container;
};
/// `video` is valid.
ChunkFormat chunk_format(const VideoOptions& video) noexcept;
/// ffmpeg's output options that write a chunk file: encoder, rate, clock, container, and the file itself. `video` is valid.
std::vector<std::string> chunk_file_arguments(const VideoOptions& video, const std::filesystem::path& file);
/// ffmpeg's -vf that makes a chunk's pictures of RGB ones, as exactly as possible: without full_chroma_inp it drops every second
/// pixel's chroma. `pixels` is not RGB.
std::string yuv_filter(const PixelFormat& pixels);
/// What the file of chunk `id` is called, wherever it lies.
std::string chunk_file_name(std::int64_t id, const VideoOptions& video);

}  // namespace orchestrator
