#pragma once

#include "base/json_reader.hpp"

#include <orchestrator/chunk.hpp>
#include <orchestrator/render_options.hpp>

#include <boost/json/value.hpp>

namespace orchestrator {

/// The parts of RenderOptions and of what a chunk's result says as JSON, for plans, proofs and the worker protocol. Field names
/// are the C++ names; times carry their unit in the name. read_fields() leaves absent fields at their defaults.
boost::json::value json_of(Rational rational);
boost::json::value json_of(FrameRange range);
boost::json::value json_of(const VideoOptions& video);
boost::json::value json_of(const AudioTrack& track);
boost::json::value json_of(const AudioOptions& audio);
boost::json::value json_of(const PageSettings& page);
boost::json::value json_of(const TimeoutOptions& timeouts);
boost::json::value json_of(const RenderOptions& options);
boost::json::value json_of(const StillPicture& picture);
boost::json::value json_of(const ChunkVersions& versions);

void read_fields(JsonReader reader, Rational& rational);
void read_fields(JsonReader reader, FrameRange& range);
void read_fields(JsonReader reader, VideoOptions& video);
void read_fields(JsonReader reader, AudioTrack& track);
void read_fields(JsonReader reader, AudioOptions& audio);
void read_fields(JsonReader reader, PageSettings& page);
void read_fields(JsonReader reader, TimeoutOptions& timeouts);
void read_fields(JsonReader reader, RenderOptions& options);
void read_fields(JsonReader reader, StillPicture& picture);
void read_fields(JsonReader reader, ChunkVersions& versions);

/// reader.object(key, ...) for a type that has read_fields.
template <class T>
void read_object(JsonReader& reader, std::string_view key, T& value) {
  reader.object(key, [&](JsonReader nested) { read_fields(std::move(nested), value); });
}

/// reader.array(key, ...) for a type that has read_fields.
template <class T>
void read_array(JsonReader& reader, std::string_view key, std::vector<T>& values) {
  reader.array(key, [&](JsonReader item) { read_fields(std::move(item), values.emplace_back()); });
}

}  // namespace orchestrator
