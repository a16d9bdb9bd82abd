#include "base/file_request.hpp"
#include "base/json_reader.hpp"
#include "base/sha256.hpp"
#include "base/web_url.hpp"
#include "values/options_json.hpp"

#include <orchestrator/chunk_proof.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace orchestrator {
inline namespace v0 {

namespace json = boost::json;

std::string plan_key(const RenderPlan& plan) {
  const RenderOptions& options = *plan.options;
  json::array chunks;
  chunks.reserve(plan.chunks.size());
  for (const RenderChunk& chunk : plan.chunks) chunks.push_back(json_of(chunk.frames()));
  const bool by_content = !plan.content.files.empty();
  Sha256 sum;
  sum.update(json::serialize(
      json::object{{"composition", by_content ? std::string() : with_hidden_login(std::string(options.composition))},
                   {"composition_page", encode_path(plan.content.page)},
                   {"props", options.props},
                   {"composition_id", options.composition_id},
                   {"described", options.described},
                   {"page", json_of(options.page)},
                   {"video", json_of(options.video)},
                   {"capture", json::string(to_string(options.capture))},
                   {"chunks", std::move(chunks)}}));
  return sum.finish();
}

std::string to_json(const ChunkProof& proof) {
  json::object object{{"schema", 1},
                      {"plan", proof.plan},
                      {"chunk", proof.chunk},
                      {"frames", json_of(proof.frames)},
                      {"composition", proof.composition},
                      {"bytes", proof.bytes},
                      {"sha256", proof.sha256},
                      {"capture", proof.capture},
                      {"worker", proof.worker},
                      {"versions", json_of(proof.versions)}};
  if (proof.still) object["still"] = json_of(*proof.still);
  return json::serialize(object);
}

Result<ChunkProof> chunk_proof_from_json(std::string_view text) {
  ChunkProof proof;
  int schema = 0;
  const auto wrong = read_json(text, "proof", [&](JsonReader reader) {
    for (const char* key : {"schema", "plan", "chunk", "frames", "composition", "bytes", "sha256"}) reader.required(key);
    reader.read("schema", schema);
    if (schema != 1) reader.fail("schema", "is not 1: written by another version");
    reader.read("plan", proof.plan).read("chunk", proof.chunk).read("composition", proof.composition);
    read_object(reader, "frames", proof.frames);
    reader.read("bytes", proof.bytes).read("sha256", proof.sha256);
    reader.read("capture", proof.capture).read("worker", proof.worker);
    read_object(reader, "versions", proof.versions);
    if (reader.has("still")) read_object(reader, "still", proof.still.emplace());
  });
  if (wrong) return Error{.code = Errc::chunk_invalid, .detail = *wrong, .stage = Stage::verify};
  return proof;
}

std::filesystem::path proof_file(const std::filesystem::path& chunk_file) { return chunk_file.string() + ".json"; }

}  // namespace v0
}  // namespace orchestrator
