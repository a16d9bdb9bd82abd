#pragma once

#include "media/codecs.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

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
/// What the file of chunk `id` is called, wherever it lies.
std::string chunk_file_name(std::int64_t id, const VideoOptions& video);

}  // namespace orchestrator
